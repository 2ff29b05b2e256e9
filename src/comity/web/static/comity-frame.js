/** What stays around a thread: its title, the standards, the order, and places for the rest. */

import { BASE } from "./comity-api.js";
import { h } from "./comity-dom.js";

/** @import { Thread } from "./comity-thread.js" */

/** The parts that stay; what is in them changes. @param {Thread} thread */
export function frame(thread) {
  const { say, words } = thread;
  const count = h("span", { class: "quiet" });
  const title = h("h2", { id: "title", tabindex: -1 }, say("comments"), " ", count);
  const account = h("div", { class: "row" });
  const notice = h("div", { class: "notice", hidden: true });
  const writing = h("div");
  const sorting = h("div", { class: "sorting", hidden: true }, ...order(thread));
  const failing = h("div", { class: "notice", role: "alert", hidden: true });
  const slot = h("slot");
  const list = h("ol");
  const rest = h("div", { class: "rest" }, h("p", {}, say("loading")));
  const live = h("div", { role: "status", class: "unseen" });
  const root = h(
    "section",
    { lang: words.lang, "aria-labelledby": "title" },
    h("header", { class: "bar" }, title, account),
    standards(thread),
    notice,
    writing,
    sorting,
    failing,
    slot,
    list,
    rest,
    live,
  );
  return { root, title, count, account, notice, writing, sorting, failing, slot, list, rest, live };
}

/** @param {Thread} thread */
function standards({ say, site }) {
  /** @param {string} page */
  const link = (page) => h("a", { href: `${BASE}/${site}/${page}` }, say(page));
  return h("p", { class: "standards" }, say("standards"), " ", link("guidelines"), " · ", link("faq"));
}

/** @param {Thread} thread */
function order(thread) {
  const { say } = thread;
  const options = ["newest", "oldest", "replies"].map((value) =>
    h("option", { value, selected: value === thread.sort }, say(value)),
  );
  const select = h("select", { id: "sort" }, ...options);
  select.onchange = () => {
    thread.sort = select.value;
    thread.load();
  };
  return [h("label", { for: "sort" }, say("sort")), select];
}
