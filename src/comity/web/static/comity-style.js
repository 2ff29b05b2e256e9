/** How it looks. A page sets its own type and colours through the `--comity-…` properties. */

export const sheet = new CSSStyleSheet();

// The page's `color-scheme` chooses between light and dark, so that comments never clash with their page.
const colours = {
  ink: ["#1d1c1a", "#e9e6e1"],
  quiet: ["#5f5b55", "#aea9a1"],
  paper: ["#ffffff", "#181715"],
  line: ["#ddd9d2", "#3b3834"],
  accent: ["#1f4e79", "#9cc3ee"],
  "on-accent": ["#ffffff", "#10202f"],
  alarm: ["#9c1c1c", "#f3a6a0"],
  tint: ["#f6f4ef", "#22201d"],
  mark: ["#ffe9a8", "#5b4a12"],
};

/** @param {(pair: string[]) => string} choose */
const palette = (choose) =>
  Object.entries(colours)
    .map(([name, pair]) => `--${name}: var(--comity-${name}, ${choose(pair)});`)
    .join("");

sheet.replaceSync(`
:host { display: block; }
:host([hidden]), [hidden] { display: none !important; }
section { ${palette(([light]) => light ?? "")} }
@supports (color: light-dark(#000, #fff)) {
  section { ${palette((pair) => `light-dark(${pair.join()})`)} }
}
* { box-sizing: border-box; }
section {
  font-family: var(--comity-font, inherit);
  line-height: 1.55;
  color: var(--ink);
  background: var(--paper);
  container-type: inline-size;
  text-align: start;
}
h2, h3, h4, p, ol, fieldset { margin: 0; padding: 0; border: 0; font: inherit; }
ol { list-style: none; display: grid; gap: .875rem; }
li > :empty { display: none; }
li { display: grid; gap: .875rem; min-inline-size: 0; }
a, span, time, button, p:not([dir]) { unicode-bidi: plaintext; }
p:not([dir]) { text-align: -webkit-match-parent; text-align: match-parent; }
a { color: var(--accent); text-underline-offset: .15em; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; }
.quiet, .standards, .sorting { color: var(--quiet); font-size: .875rem; }
.comment header :is(a, span) { color: var(--quiet); font-size: .875rem; text-decoration: none; }
.comment header a:hover { text-decoration: underline; }

.bar { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: .25rem 1rem;
  border-block-start: 3px double var(--ink); padding-block: .75rem .25rem; }
.bar button { padding-inline: 0; }
h2 { font-size: 1.5rem; font-weight: 700; line-height: 1.25; }
h2 span { font-weight: 400; margin-inline-start: .25rem; }
.standards { margin-block-end: 1.25rem; max-inline-size: 42rem; }
.sorting { margin-block: 1.5rem .75rem; }
.sorting[hidden] ~ ol:not(:empty) { margin-block-start: 1.5rem; }
select { margin-inline-start: .5rem; }
.rest { margin-block: 1.25rem; text-align: center; }
.empty { padding-block: 1.5rem; color: var(--quiet); font-style: italic; }

.comment, .gone { border: 1px solid var(--line); border-radius: .25rem; padding: .875rem 1rem .375rem; min-inline-size: 0; }
.gone { padding-block: .5rem; color: var(--quiet); font-style: italic; border-style: dashed; }
.comment header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .625rem; }
h3 { font-weight: 700; overflow-wrap: anywhere; }
.text { margin-block: .375rem .5rem; max-inline-size: 42rem; overflow-wrap: anywhere; }
.text > * { margin: 0; }
.comment header, .text, .marked, .quiet { overflow: clip; overflow-clip-margin: .375rem; }
.text > * + * { margin-block-start: .75em; }
.comment footer { display: grid; grid-template-columns: 1fr auto; align-items: end; gap: 1rem; margin-inline: -.375rem; }
.comment footer .row { gap: 0 .5rem; }
.replies { padding-inline-start: 1.25rem; border-inline-start: 1px solid var(--line); }
.target { background: var(--tint); border-inline-start: 3px solid var(--accent); }
.held, .rejected { background: var(--tint); border-style: dashed; }
.standing { font-size: .875rem; margin-block-end: .5rem; padding-block-start: .5rem; border-block-start: 1px solid var(--line); }
.standing > * + *, details > * + *, details p + p { margin-block-start: .375rem; }
.rejected .standing strong { color: var(--alarm); }
summary { cursor: pointer; color: var(--accent); inline-size: fit-content; padding-block: .125rem; }

.help { padding: .75rem .875rem; margin-block: .5rem; background: var(--paper); border: 1px solid var(--accent); border-radius: .25rem; font-size: .9375rem; }
.help h4 { margin-block-end: .25rem; }
:is(.help, .nudge, details) :is(ul, ol) { display: block; list-style: revert; margin: .375rem 0; padding-inline-start: 1.25rem; }
:is(.help, .nudge, details) li { display: list-item; }
.help p + p, .nudge p + p { margin-block-start: .5rem; }

.composer { display: grid; gap: .5rem; }
.panel .composer { padding: .875rem 1rem; background: var(--tint); border-radius: .25rem; }
label, legend, .nudge h3, h4 { font-weight: 700; font-size: .9375rem; }
.sorting label { font-weight: 400; font-size: inherit; }
textarea, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: .25rem; }
textarea { display: block; inline-size: 100%; padding: .625rem .75rem; min-block-size: 5.5rem; max-block-size: 60vh; resize: vertical; field-sizing: content; }
select { font-size: .875rem; padding: .25rem .375rem; }
.choice { display: flex; gap: .5rem; align-items: baseline; font-weight: 400; padding-block: .25rem; }
label.note { display: grid; gap: .25rem; font-weight: 400; }
label.note textarea { min-block-size: 3.5rem; }
input { accent-color: var(--accent); }

button { font: inherit; font-size: .875rem; cursor: pointer; color: var(--accent); background: none; border: 1px solid transparent; border-radius: .25rem; padding: .25rem .375rem; min-block-size: 1.75rem; }
.link:hover { text-decoration: underline; }
.strong, .plain { padding: .5rem 1rem; font-weight: 700; border-color: var(--accent); }
.strong { color: var(--on-accent); background: var(--accent); }
.strong:hover, .plain:hover { box-shadow: inset 0 0 0 1px currentColor; }
.flag, .link[aria-disabled] { color: var(--quiet); }
[aria-disabled] { cursor: default; text-decoration: none !important; }
[aria-busy="true"] .strong { opacity: .8; }

.error { color: var(--alarm); font-size: .9375rem; }
.error:empty { display: none; }
.notice, .nudge { padding: .875rem 1rem; margin-block: .75rem; background: var(--tint); border-inline-start: 3px solid var(--accent); }
.notice[role="alert"] { border-color: var(--alarm); }
.nudge { display: grid; gap: .625rem; margin-block: 0; font-size: .9375rem; }
.marked { white-space: pre-wrap; overflow-wrap: anywhere; padding-inline-start: .75rem; border-inline-start: 1px solid var(--line); }
mark { color: inherit; background: var(--mark); border-block-end: 2px solid currentColor; }

:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
article:focus:not(:focus-visible), h2:focus, .nudge:focus:not(:focus-visible) { outline: none; }

@container (max-width: 30rem) {
  .replies { padding-inline-start: .625rem; }
  .replies .replies .replies .replies { padding-inline-start: .25rem; }
  .comment, .gone { padding-inline: .75rem; }
}
@media (prefers-reduced-motion: no-preference) { .comment { transition: background-color .4s; } }
@media (forced-colors: active) { .target, .notice { outline: 2px solid Highlight; } }
`);
