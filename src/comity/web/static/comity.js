/**
 * Defines <comity-comments>. The page that embeds it needs this one script, which web/element.py
 * joins from the modules: `<script src="https://comments.example/comity.js" type="module"></script>`.
 */

import { sheet } from "./comity-style.js";
import { Thread } from "./comity-thread.js";
import { Words } from "./comity-words.js";

/** `<comity-comments story="KEY" [site="main"] [lang] [sort="newest|oldest|replies"]>`. */
export class ComityComments extends HTMLElement {
  static observedAttributes = ["story", "site", "lang", "sort"];

  /** @type {Thread | null} */
  #thread = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    const lang = this.closest("[lang]")?.getAttribute("lang") || "en";
    this.#thread = new Thread(this, new Words(lang));
    this.shadowRoot?.replaceChildren(this.#thread.parts.root);
    this.#thread.begin();
  }

  disconnectedCallback() {
    this.#thread?.end();
    this.#thread = null;
  }

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    if (!this.#thread || before === after) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }
}

if (!customElements.get("comity-comments")) {
  customElements.define("comity-comments", ComityComments);
}
