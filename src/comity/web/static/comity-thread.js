/** A story's comments: loads them, puts them in their places, and knows who is reading. */

import { ApiError, arrive, BASE, calls, recall, remember, signIn, token } from "./comity-api.js";
import { Box } from "./comity-box.js";
import { Composer } from "./comity-composer.js";
import { button, h } from "./comity-dom.js";
import { frame } from "./comity-frame.js";

/** @import { Comment, Discussion, Notice, Person, Posted, Rule } from "./comity-types.js" */
/** @import { Words } from "./comity-words.js" */

/** How often times and edit windows are brought up to date, in milliseconds. */
const TICK = 15_000;

/** From the element's first moment on the page to its last. */
export class Thread {
  /** @param {HTMLElement} host @param {Words} words */
  constructor(host, words) {
    const story = host.getAttribute("story") || "";
    this.host = host;
    this.words = words;
    this.say = words.say;
    this.site = host.getAttribute("site") || "main";
    this.sort = host.getAttribute("sort") || "newest";
    this.drafts = `comity:draft:${this.site}/${story}:`;
    this.leaving = new AbortController();
    this.calls = calls(this.site, story, this.leaving.signal);
    /** @type {Map<string, Box>} */
    this.boxes = new Map();
    /** @type {Map<string, Comment>} */
    this.own = new Map();
    /** @type {Set<string>} */
    this.flagged = new Set();
    /** @type {Person | null} */
    this.me = null;
    /** @type {Rule[] | null} */
    this.ruleNames = null;
    /** @type {Composer | null} */
    this.composer = null;
    this.barred = false;
    this.open = true;
    this.count = 0;
    this.ticking = 0;
    this.parts = frame(this);
  }

  get signedIn() {
    return !!token();
  }

  get mayWrite() {
    return this.open && !this.barred;
  }

  async begin() {
    const { signal } = this.leaving;
    addEventListener("hashchange", () => this.follow(), { signal });
    addEventListener("online", () => this.parts.failing.hidden || this.load(), { signal });
    this.ticking = setInterval(() => this.boxes.forEach((box) => box.tick()), TICK);
    const arrived = await arrive();
    await this.load();
    if (!arrived) this.complain(this.say("signInFailed"));
    await this.resume();
    await this.follow();
  }

  end() {
    clearInterval(this.ticking);
    this.leaving.abort();
  }

  async load() {
    const { root, rest } = this.parts;
    root.ariaBusy = "true";
    this.complain("");
    await this.trying(null, async () => {
      const [discussion] = await Promise.all([this.calls.thread(this.sort, null), this.know()]);
      this.show(discussion);
      this.tell("loaded", { story: discussion.story.key, comments: this.count });
    });
    if (!this.boxes.size && !this.parts.failing.hidden) rest.replaceChildren();
    root.ariaBusy = null;
  }

  /** Learn who is reading and what only they may see; trouble here does not keep the thread away. */
  async know() {
    if (!this.signedIn) return this.forget();
    return this.trying(null, async () => {
      const mine = await this.calls.mine();
      this.me = mine.me;
      this.barred = !mine.may_write && !!mine.sanction;
      this.own = new Map(mine.items.map((item) => [item.id, item]));
      this.flagged = new Set(mine.flagged);
      this.warn(mine.sanction);
    });
  }

  forget() {
    this.me = null;
    this.barred = false;
    this.own.clear();
    this.flagged.clear();
    this.warn(null);
  }

  /** @param {Notice | null} sanction */
  warn(sanction) {
    const { say, words } = this;
    const { notice } = this.parts;
    notice.hidden = !sanction;
    if (!sanction) return;
    const { message, until, appeal_url: appeal } = sanction;
    notice.replaceChildren(
      h("p", {}, this.barred && h("strong", {}, say("barred")), " ", message),
      h(
        "p",
        {},
        until && say("until", { time: words.moment(until) }),
        " ",
        appeal && h("a", { href: new URL(appeal, `${BASE}/`).href }, say("appeal")),
      ),
    );
  }

  /** @param {Discussion} discussion */
  show({ story, items, next }) {
    const { list, sorting, slot } = this.parts;
    this.open = story.open;
    this.count = story.comments;
    this.boxes.clear();
    list.replaceChildren();
    this.host.replaceChildren();
    slot.remove();
    for (const item of items) this.place(item);
    this.placeOwn();
    this.dress();
    this.invite();
    this.offer(next);
    sorting.hidden = this.boxes.size < 2 && !next;
  }

  /** Show who is reading, and how many comments there are. */
  dress() {
    const { say, me } = this;
    const { account, count } = this.parts;
    count.textContent = this.count ? String(this.count) : "";
    count.title = say("count", { n: this.count });
    if (me) {
      const name = h("span", { class: "quiet" }, say("signedIn", { name: me.name }));
      account.replaceChildren(name, button(say("signOut"), () => this.signOut()));
    } else account.replaceChildren(button(say("signIn"), () => this.leave("new")));
  }

  /** Let the reader write, as far as they may; what is being written stays as it is. */
  invite() {
    const { writing } = this.parts;
    if (this.mayWrite && this.composer?.form.isConnected) return this.composer.rest();
    writing.replaceChildren();
    if (!this.open) writing.append(h("p", { class: "notice" }, this.say("closed")));
    else if (!this.barred) {
      /** @param {Posted} posted */
      const done = (posted) => void this.posted(posted, null);
      this.composer = new Composer(this, { name: "new", label: this.say("yourComment"), replyTo: null, done });
      writing.append(this.composer.form);
    }
  }

  /**
   * Put a comment, and the replies that came with it, into the thread.
   *
   * @param {Comment} data
   * @param {Box | null} [under] Where it goes when its parent is not here.
   * @param {boolean} [top]
   * @returns {Box}
   */
  place(data, under = null, top = false) {
    const known = this.boxes.get(data.id);
    const whole = { ...data, ...this.own.get(data.id) };
    const box = known ?? this.put(whole, under, top);
    if (known) known.update(whole);
    this.placeAll(data.items, box);
    box.setMore(data.more);
    return box;
  }

  /** Put replies into the thread in the order they came, those too that are here already. @param {Comment[]} items @param {Box | null} under */
  placeAll(items, under) {
    return items.map((item) => {
      const box = this.place(item, under);
      box.parent?.list.append(box.li);
      return box;
    });
  }

  /** @param {Comment} data @param {Box | null} under @param {boolean} top */
  put(data, under, top) {
    /** @type {Box | null} */
    const parent = this.boxes.get(data.parent ?? "") ?? under;
    const box = new Box(this, data, parent);
    this.boxes.set(data.id, box);
    if (parent) parent.list.append(box.li);
    else if (top) this.parts.list.prepend(box.li);
    else this.parts.list.append(box.li);
    return box;
  }

  /** Show the reader's own comments that the public thread does not have (yet). */
  placeOwn() {
    for (const item of this.own.values()) {
      const box = this.boxes.get(item.id);
      const shown = item.status === "published" ? item.may_edit : item.status !== "withdrawn";
      if (box) box.update(item);
      else if (shown) this.place({ ...item, items: [], more: null }, null, true);
    }
  }

  /** @param {string | null} next */
  offer(next) {
    const { say } = this;
    const { rest } = this.parts;
    rest.replaceChildren();
    if (next) rest.append(button(say("more"), () => this.moreRoots(next), { class: "plain" }));
    else if (!this.boxes.size && this.open) rest.append(h("p", { class: "empty" }, say("empty")));
  }

  /** @param {string} after */
  moreRoots(after) {
    return this.trying(null, async () => {
      const { items, next } = await this.calls.thread(this.sort, after);
      this.offer(next);
      this.came(items, null);
    });
  }

  /** @param {Box} box @param {string} after */
  moreReplies(box, after) {
    return this.trying(null, async () => {
      const { items, next } = await this.calls.replies(box.data.id, after);
      box.setMore(next);
      this.came(items, box);
    });
  }

  /** Say how many came, and go to the first. @param {Comment[]} items @param {Box | null} under */
  came(items, under) {
    const boxes = this.placeAll(items, under);
    this.announce("loaded", { n: boxes.length });
    boxes[0]?.article.focus();
  }

  /** Show what has just been sent, whatever became of it. @param {Posted} posted @param {Box | null} parent */
  async posted({ id, status, html, statement, comment }, parent) {
    const author = comment.author ?? this.me;
    const box = this.place({ ...comment, id, status, html, statement, author }, parent, true);
    if (status === "published") this.count += 1;
    this.parts.rest.querySelector(".empty")?.remove();
    this.announce(status === "held" && statement?.care ? "care" : status === "published" ? "posted" : status);
    this.aim(box);
    this.tell("posted", { id, status });
    await this.know();
    this.placeOwn();
    this.dress();
  }

  /** @param {Box} box */
  withdrawn(box) {
    const { data, parent } = box;
    const answered = data.replies || [...this.boxes.values()].some((other) => other.parent === box);
    if (data.status === "published") this.count -= 1;
    this.own.delete(data.id);
    this.announce("withdrawnNow");
    this.dress();
    if (answered) {
      box.update({ status: "withdrawn", author: null });
      box.close();
    } else {
      this.boxes.delete(data.id);
      box.li.remove();
      (parent?.article ?? this.parts.title).focus();
    }
  }

  async rules() {
    this.ruleNames ??= (await this.calls.rules()).items;
    return this.ruleNames;
  }

  /** Leave for the sign-in, and remember what the reader was about to do. @param {string} intent */
  leave(intent) {
    remember(`${this.drafts}resume`, intent);
    signIn(this.site);
  }

  /** Back from the sign-in: go on where the reader was. */
  async resume() {
    const intent = recall(`${this.drafts}resume`);
    remember(`${this.drafts}resume`);
    if (!intent || !this.me) return;
    this.announce("signedInNow", { name: this.me.name });
    const [act, id] = intent.split(/-(.*)/s);
    const box = id && (await this.reach(id));
    if (act === "new") this.composer?.focus();
    else box?.[act]();
  }

  async signOut() {
    await this.calls.signOut();
    await this.load();
    this.parts.title.focus();
  }

  /** Go to the comment that the address names. */
  async follow() {
    const id = /^#comment-(.+)/.exec(location.hash)?.[1];
    const box = id && (await this.reach(id));
    if (box) this.aim(box);
    else if (id) this.announce("notThere");
  }

  /** Find a comment, or fetch it with those it answers. @param {string} id @returns {Promise<Box | null>} */
  async reach(id) {
    const here = this.boxes.get(id);
    if (here) return here;
    try {
      const { comment, ancestors } = await this.calls.comment(id);
      const chain = [...ancestors.sort((a, b) => a.depth - b.depth), comment];
      const [root = comment, ...below] = chain;
      const brought = below.filter((item) => item.status === "published").length;
      if (!this.boxes.has(root.id)) this.place(root, null, true).setMore(root.replies > brought ? "" : null);
      for (const item of below) if (!this.boxes.has(item.id)) this.place(item, null, true);
      return this.boxes.get(id) ?? null;
    } catch {
      return null;
    }
  }

  /** @param {Box} box */
  aim(box) {
    for (const other of this.boxes.values()) other.article.classList.toggle("target", other === box);
    box.article.scrollIntoView({ block: "center" });
    box.article.focus({ preventScroll: true });
  }

  /** Tell those who do not see it happen. @param {string} key @param {Record<string, string | number>} [values] */
  announce(key, values) {
    this.parts.live.textContent = this.say(key, values);
  }

  /** @param {string} words */
  complain(words) {
    const { failing } = this.parts;
    failing.replaceChildren(h("p", {}, words), button(this.say("retry"), () => this.load(), { class: "plain" }));
    failing.hidden = !words;
  }

  /** Try a step; say what goes wrong there, or above the thread. @param {HTMLElement | null} there @param {() => Promise<void>} step */
  async trying(there, step) {
    try {
      await step();
    } catch (error) {
      const words = this.failed(error);
      if (there) there.textContent = words;
      else if (words) this.complain(words);
    }
  }

  /** Put an error into words, and do what follows from it. @param {unknown} error */
  failed(error) {
    if (this.leaving.signal.aborted) return "";
    if (!(error instanceof ApiError)) throw error;
    const { code, message, status } = error;
    this.tell("error", { code, message });
    if (status === 401) {
      this.forget();
      this.dress();
    }
    if (code === "sanctioned") this.know().then(() => this.invite());
    if (code === "network") return this.say(navigator.onLine ? "unreachable" : "offline");
    return status === 401 ? this.say("signInAgain") : message || this.say("failed");
  }

  /** @param {string} name @param {object} detail */
  tell(name, detail) {
    this.host.dispatchEvent(new CustomEvent(`comity:${name}`, { detail, bubbles: true, composed: true }));
  }
}
