/** One comment: its box, the flag in its corner, what its writer may do with it, and its replies. */

import { Composer } from "./comity-composer.js";
import { button, h, marked, served } from "./comity-dom.js";

/** @import { Comment, Help, Posted, Rule, Statement } from "./comity-types.js" */
/** @import { Thread } from "./comity-thread.js" */

/** Replies are indented this often; deeper ones stand in a row and say whom they answer. */
const LEVELS = 5;

/** What the newsroom tells somebody in despair: at once, and in full. @param {Help} care */
export function help({ title, prose_html: prose }) {
  return h("div", { class: "help", role: "group", "aria-label": title }, h("h4", {}, title), served(prose));
}

/** A comment on the page. */
export class Box {
  /** @param {Thread} thread @param {Comment} data @param {Box | null} parent */
  constructor(thread, data, parent) {
    const { id } = data;
    this.thread = thread;
    this.data = data;
    this.parent = parent;
    /** @type {number} */
    this.level = parent ? parent.level + 1 : 0;
    this.article = h("article", { id: `comment-${id}`, tabindex: -1, "aria-labelledby": `by-${id} at-${id}` });
    this.panel = h("div");
    this.more = h("div");
    const replies = h("ol", { class: "replies" });
    /** @type {HTMLElement} */
    this.list = parent && this.level >= LEVELS ? parent.list : replies;
    this.li = h("li", {}, this.article, this.panel, replies, this.more);
    this.draw();
  }

  get name() {
    return this.data.author?.name ?? "";
  }

  get mine() {
    const { author } = this.data;
    return !!author && author.id === this.thread.me?.id;
  }

  /** @param {Partial<Comment>} data What is new about the comment. */
  update(data) {
    Object.assign(this.data, data);
    this.draw();
  }

  draw() {
    const { id, status, author, html } = this.data;
    const { say } = this.thread;
    this.article.className = author ? `comment ${status}` : "gone";
    if (author) this.article.replaceChildren(this.head(), served(html ?? "", "text"), ...this.standing(), this.foot());
    else this.article.replaceChildren(h("p", { id: `by-${id}` }, say(status === "withdrawn" ? status : "removed")));
  }

  head() {
    const { say, words } = this.thread;
    const { id, created_at: at, edited_at: edited } = this.data;
    const { parent } = this;
    const answers = parent && parent.name && parent.level >= LEVELS - 1;
    return h(
      "header",
      {},
      h("h3", { id: `by-${id}`, dir: "auto" }, this.name),
      this.mine && h("span", {}, say("you")),
      answers && h("a", { href: `#comment-${parent.data.id}` }, say("inReplyTo", { name: parent.name })),
      h(
        "a",
        { href: `#comment-${id}`, id: `at-${id}` },
        h("time", { datetime: at, title: words.moment(at) }, words.ago(at)),
      ),
      edited && h("span", { title: words.moment(edited) }, say("edited")),
    );
  }

  /** What became of the reader's own comment, and why. */
  standing() {
    const { status, statement } = this.data;
    if (status !== "held" && status !== "rejected") return [];
    const { say } = this.thread;
    const care = statement?.care;
    const first = care && status === "held" ? "care" : status;
    const fair = care && !statement.rules.length && ` ${say("careNote")}`;
    const note = h("p", {}, h("strong", {}, say(first)), " · ", say(`${status}Note`), fair);
    return [h("div", { class: "standing" }, note, care && help(care), statement && this.reasons(statement))];
  }

  /** @param {Statement} statement */
  reasons({ summary, spans, rules, note, appeal_url: url }) {
    const { say } = this.thread;
    return h(
      "details",
      {},
      h("summary", {}, say("why")),
      h("p", {}, summary),
      spans.length > 0 && marked(this.data.text ?? "", spans),
      ...rules.map(({ title, prose_html: prose, url: page }) =>
        h("div", {}, h("h4", {}, h("a", { href: page }, title)), served(prose)),
      ),
      note && h("p", { dir: "auto" }, note),
      url && h("p", {}, h("a", { href: url }, say("statement"))),
    );
  }

  foot() {
    const { say, mayWrite } = this.thread;
    const label = { class: "link reply", "aria-label": say("replyTo", { name: this.name }) };
    const reply = mayWrite && this.data.status === "published" && button(say("reply"), () => this.reply(), label);
    return h("footer", {}, h("div", { class: "row" }, reply, ...this.changes()), this.flagLink());
  }

  /** What the writer may still change. */
  changes() {
    const { say, words, barred } = this.thread;
    const { edit_until: until, may_edit } = this.data;
    if (!this.mine) return [];
    const time = !barred && may_edit && until && Date.parse(until) > Date.now() && words.moment(until, { timeStyle: "short" });
    return [
      time && button(say("edit", { time }), () => this.edit(), { class: "link edit" }),
      this.data.status !== "rejected" && button(say("withdraw"), () => this.withdraw(), { class: "link withdraw" }),
    ];
  }

  /** The flag stands in the lower corner at the line's end, as the newsroom's page promises. */
  flagLink() {
    const { say, flagged, barred } = this.thread;
    const done = flagged.has(this.data.id);
    const off = (this.mine && say("flagOwn")) || (done && say("flaggedAlready")) || (barred && say("barred"));
    const label = done ? null : say("flagLabel", { name: this.name });
    return button(say(done ? "flagged" : "flag"), () => this.flag(), { class: "link flag", off, "aria-label": label });
  }

  /** Bring the time and the edit window up to date. */
  tick() {
    const when = this.article.querySelector("time");
    if (when) when.textContent = this.thread.words.ago(when.dateTime);
    const { edit_until: until } = this.data;
    if (until && Date.parse(until) <= Date.now()) this.article.querySelector(".edit")?.remove();
  }

  /** Close what is open below the box; the keyboard goes back. @param {string} [to] */
  close(to) {
    this.panel.replaceChildren();
    const control = to && this.article.querySelector(to);
    /** @type {HTMLElement} */ (control || this.article).focus();
  }

  reply() {
    const { id } = this.data;
    this.compose({
      name: `reply-${id}`,
      label: this.thread.say("replyTo", { name: this.name }),
      replyTo: id,
      done: (posted) => {
        this.panel.replaceChildren();
        this.thread.posted(posted, this);
      },
      cancel: () => this.close(".reply"),
    });
  }

  edit() {
    const { id, parent, text } = this.data;
    this.compose({
      name: `edit-${id}`,
      label: this.thread.say("editing"),
      replyTo: parent,
      edits: id,
      text,
      done: (posted) => this.edited(posted),
      cancel: () => this.close(".edit"),
    });
  }

  /** @param {import("./comity-types.js").Plan} plan */
  compose(plan) {
    const composer = new Composer(this.thread, plan);
    this.panel.replaceChildren(composer.form);
    composer.focus();
  }

  /** @param {Posted} posted */
  edited({ comment, status, html, statement }) {
    const { thread } = this;
    if (this.data.status === "published" && status !== "published") thread.count -= 1;
    this.update({ ...comment, status, html, statement });
    this.close();
    thread.dress();
    thread.announce(status === "held" && statement?.care ? "care" : status === "published" ? "saved" : status);
  }

  withdraw() {
    const { say } = this.thread;
    const id = `sure-${this.data.id}`;
    const error = h("p", { class: "error", role: "alert" });
    const go = button(say("withdraw"), () => this.withdrawn(error), { class: "strong" });
    const keep = button(say("keep"), () => this.close(".withdraw"), { class: "plain" });
    const question = h("p", { id }, say("withdrawSure"));
    const group = { class: "composer", role: "group", "aria-labelledby": id };
    this.panel.replaceChildren(h("div", group, question, error, h("div", { class: "row" }, go, keep)));
    keep.focus();
  }

  /** @param {HTMLElement} error */
  async withdrawn(error) {
    const { thread } = this;
    await thread.trying(error, async () => {
      await thread.calls.withdraw(this.data.id);
      this.panel.replaceChildren();
      thread.withdrawn(this);
    });
  }

  async flag() {
    const { thread } = this;
    if (!thread.signedIn) return thread.leave(`flag-${this.data.id}`);
    const error = h("p", { class: "error", role: "alert" });
    const form = h("form", { class: "composer" }, error);
    this.panel.replaceChildren(form);
    return thread.trying(error, async () => this.flagForm(form, error, await thread.rules()));
  }

  /** @param {HTMLFormElement} form @param {HTMLElement} error @param {Rule[]} rules */
  flagForm(form, error, rules) {
    const { say } = this.thread;
    const choices = rules.map(({ id, title }) =>
      h("label", { class: "choice" }, h("input", { type: "radio", name: "rule", value: id }), title),
    );
    const note = h("textarea", { name: "note", rows: 2, dir: "auto" });
    form.prepend(
      h("fieldset", {}, h("legend", {}, say("flagTitle")), ...choices),
      h("label", { class: "note" }, say("flagNote"), note),
    );
    const cancel = () => this.close(".flag");
    form.append(h("div", { class: "row" }, h("button", { class: "strong" }, say("flagSend")), button(say("cancel"), cancel)));
    form.onkeydown = ({ key }) => key === "Escape" && cancel();
    form.onsubmit = (event) => {
      event.preventDefault();
      this.flagging(form, error);
    };
    form.querySelector("input")?.focus();
  }

  /** @param {HTMLFormElement} form @param {HTMLElement} error */
  async flagging(form, error) {
    const { thread } = this;
    const { id } = this.data;
    const given = new FormData(form);
    const rule = given.get("rule");
    if (!rule) {
      error.textContent = thread.say("chooseRule");
      form.querySelector("input")?.focus();
      return;
    }
    await thread.trying(error, async () => {
      await thread.calls.flag(id, String(rule), String(given.get("note")));
      thread.flagged.add(id);
      this.draw();
      this.close(".flag");
      this.panel.append(h("p", {}, thread.say("flagThanks")));
      thread.announce("flagThanks");
    });
  }

  /** Offer the replies that are not here yet: after a mark, from the first, or none. @param {string | null} after */
  setMore(after) {
    const { thread } = this;
    this.more.replaceChildren();
    if (after !== null) this.more.append(button(thread.say("moreReplies"), () => thread.moreReplies(this, after)));
  }
}
