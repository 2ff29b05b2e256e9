/** Writing a comment, a reply or an edit; the writer sees what a rule may say before sending. */

import { ApiError, newId, recall, remember } from "./comity-api.js";
import { button, h, marked, served } from "./comity-dom.js";

/** @import { Plan, Preview } from "./comity-types.js" */
/** @import { Thread } from "./comity-thread.js" */

/** A form that keeps what is written until the server has it. */
export class Composer {
  /** @param {Thread} thread @param {Plan} plan */
  constructor(thread, plan) {
    const { say } = thread;
    const { name, label, cancel } = plan;
    this.thread = thread;
    this.plan = plan;
    this.key = thread.drafts + name;
    this.busy = false;
    this.area = h("textarea", { id: `text-${name}`, rows: 3, dir: "auto", "aria-describedby": `error-${name}` });
    this.area.value = recall(this.key)?.text ?? plan.text ?? "";
    this.error = h("p", { class: "error", role: "alert", id: `error-${name}` });
    this.nudge = h("div", { class: "nudge", role: "group", tabindex: -1, hidden: true });
    this.submit = h("button", { class: "strong" });
    this.row = h("div", { class: "row" }, this.submit, cancel && button(say("cancel"), () => this.cancel()));
    this.form = h("form", { class: "composer" }, h("label", { for: this.area.id }, label));
    this.form.append(this.area, this.nudge, this.error, this.row);
    this.listen();
    this.rest();
  }

  listen() {
    this.area.oninput = () => this.written();
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.go();
    };
    this.form.onkeydown = ({ key, ctrlKey, metaKey }) => {
      if (key === "Enter" && (ctrlKey || metaKey)) this.go();
      if (key === "Escape") this.cancel();
    };
  }

  focus() {
    this.area.focus();
    this.area.setSelectionRange(-1, -1);
  }

  /** Keep each keystroke; words that have changed want a new look. */
  written() {
    const text = this.area.value;
    const worth = text && text !== this.plan.text;
    remember(this.key, worth ? { ...recall(this.key), text } : null);
    this.error.textContent = "";
    this.rest();
  }

  cancel() {
    if (!this.plan.cancel) return;
    remember(this.key);
    this.plan.cancel();
  }

  /** Put the reminder away. */
  rest() {
    const { say, signedIn } = this.thread;
    this.nudge.hidden = true;
    this.row.hidden = false;
    this.submit.textContent = say(!signedIn ? "signInAndSend" : this.plan.edits ? "save" : "send");
  }

  go() {
    const text = this.area.value.trim();
    if (!text) {
      this.error.textContent = this.thread.say("writeFirst");
      this.focus();
    } else if (this.thread.signedIn) this.during(() => this.look(text));
    else this.thread.leave(this.plan.name);
  }

  /** Take one step at a time; what goes wrong is said beside the text. @param {() => Promise<void>} step */
  async during(step) {
    if (this.busy) return;
    this.busy = true;
    this.error.textContent = "";
    this.submit.textContent = this.thread.say("sending");
    try {
      await step();
    } catch (error) {
      this.rest();
      this.error.textContent = this.thread.failed(error);
    }
    this.busy = false;
  }

  /** @param {string} text */
  async look(text) {
    const preview = await this.preview(text);
    if (preview?.care || preview?.notes.length) this.remind(text, preview);
    else await this.send(text);
  }

  /** A reminder is a courtesy: where there can be none, the comment is sent. @param {string} text */
  async preview(text) {
    try {
      return await this.thread.calls.preview(text, this.plan.replyTo);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 429 || error.status >= 500)) return null;
      throw error;
    }
  }

  /** @param {string} text @param {Preview} preview */
  remind(text, { outcome, notes, care }) {
    const { say } = this.thread;
    const id = `nudge-${this.plan.name}`;
    const back = () => (this.rest(), this.focus());
    const on = () => this.during(() => this.send(text));
    this.nudge.setAttribute("aria-labelledby", id);
    this.nudge.replaceChildren(
      h("h3", { id }, care ? care.title : say("nudgeTitle")),
      ...(care ? [served(care.prose_html), h("p", {}, say("nudge-care"))] : []),
      ...(notes.length ? [marked(text, notes.flatMap((note) => note.spans))] : []),
      ...notes.map((note) => h("div", {}, h("h4", {}, note.title), served(note.prose_html))),
      ...(notes.length ? [h("p", {}, say(`nudge-${outcome}`))] : []),
      h(
        "div",
        { class: "row" },
        ...(notes.length
          ? [button(say("rephrase"), back, { class: "strong" }), button(say("sendAnyway"), on, { class: "plain" })]
          : [button(say("send"), on, { class: "strong" }), button(say("goOnWriting"), back, { class: "plain" })]),
      ),
    );
    this.nudge.hidden = false;
    this.row.hidden = true;
    this.nudge.focus();
  }

  /** Send; the same words go with the same id, so that a second try stores them once. @param {string} text */
  async send(text) {
    const { calls } = this.thread;
    const { replyTo, edits, done } = this.plan;
    const draft = recall(this.key);
    const id = (draft?.sent === text && draft.id) || newId();
    remember(this.key, { text, sent: text, id });
    const posted = await (edits ? calls.edit(edits, text) : calls.post(text, replyTo, id));
    remember(this.key);
    this.area.value = "";
    this.rest();
    done(posted);
  }
}
