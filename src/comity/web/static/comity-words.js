/** What the element says, in English, and how it tells time. `{x}` is filled in; a pair is one and many. */

import { es } from "./comity-words-es.js";

/** @import { Table } from "./comity-types.js" */

/** @type {Table} */
const en = {
  comments: "Comments",
  count: ["{n} comment", "{n} comments"],
  standards: "Keep it civil and on topic. If a comment breaks the guidelines, tell us with the flag in its corner.",
  guidelines: "Guidelines",
  faq: "Questions and answers",
  loading: "Loading comments…",
  loaded: ["{n} more comment", "{n} more comments"],
  empty: "Nobody has written yet. What do you think?",
  closed: "The discussion of this story is closed.",
  sort: "Sort by",
  newest: "Newest",
  oldest: "Oldest",
  replies: "Most replied",
  more: "Show more comments",
  moreReplies: "Show more replies",
  signIn: "Sign in",
  signOut: "Sign out",
  signedIn: "Signed in as {name}",
  signedInNow: "You are signed in as {name}.",
  signInFailed: "The sign-in did not work. Please try again.",
  signInAgain: "Your sign-in has ended. Sign in again; your text is kept.",
  yourComment: "Your comment",
  replyTo: "Reply to {name}",
  inReplyTo: "in reply to {name}",
  editing: "Edit your comment",
  send: "Send",
  signInAndSend: "Sign in to send",
  save: "Save",
  cancel: "Cancel",
  sending: "Sending…",
  writeFirst: "Write something first.",
  posted: "Your comment is published.",
  saved: "Your change is published.",
  held: "Waiting for a moderator",
  heldNote: "Only you can see this comment until a moderator has read it.",
  care: "Your comment goes to a person at once",
  careNote: "It breaks no rule.",
  rejected: "Not published",
  rejectedNote: "Only you can see this comment.",
  why: "Why?",
  appeal: "Appeal",
  statement: "Full statement and appeal",
  nudgeTitle: "Before you send this",
  "nudge-publish": "You can send it as it is. Would you like to look at these words again?",
  "nudge-hold": "Sent as it is, it waits until a moderator has read it.",
  "nudge-reject": "Sent as it is, it will not be published. You could still appeal.",
  "nudge-care": "What you wrote goes to a person at once, before it appears. That counts nothing against you.",
  goOnWriting: "Go on writing",
  sendAnyway: "Send anyway",
  rephrase: "Rephrase",
  reply: "Reply",
  edit: "Edit (until {time})",
  edited: "edited",
  withdraw: "Withdraw",
  withdrawSure: "Withdraw this comment? Replies to it stay.",
  keep: "Keep it",
  withdrawn: "The writer has withdrawn this comment.",
  withdrawnNow: "Your comment is withdrawn.",
  removed: "This comment is not shown.",
  you: "you",
  flag: "Flag",
  flagLabel: "Flag the comment by {name}",
  flagged: "Flagged",
  flaggedAlready: "You have flagged this comment. A moderator will read it.",
  flagOwn: "This is your own comment.",
  flagTitle: "What is wrong with it?",
  flagNote: "Anything to add? (optional)",
  flagSend: "Send flag",
  flagThanks: "Thank you. A moderator will read this comment.",
  chooseRule: "Choose what is wrong.",
  barred: "You cannot write here at present.",
  until: "Until {time}.",
  retry: "Try again",
  failed: "Something went wrong.",
  offline: "You seem to be offline. What you write is kept here.",
  unreachable: "The comments cannot be reached just now. What you wrote is kept here.",
  notThere: "The comment that this link points to is no longer here.",
};

/** @type {Record<string, Table>} */
const TABLES = { en, es };

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** One language: its words and its times. */
export class Words {
  /** @param {string} lang The page's language; the words are English where we have none of it. */
  constructor(lang) {
    const table = TABLES[lang.toLowerCase().split("-")[0] ?? ""];
    this.table = table ?? en;
    this.lang = table ? lang : "en";
    this.plural = new Intl.PluralRules(this.lang);
    this.relative = new Intl.RelativeTimeFormat(this.lang, { numeric: "auto" });
    this.say = this.say.bind(this);
  }

  /** @param {string} key @param {Record<string, string | number>} [values] `n` chooses between one and many. */
  say(key, values = {}) {
    const entry = this.table[key] ?? key;
    const one = this.plural.select(Number(values["n"])) === "one";
    const text = typeof entry === "string" ? entry : entry[one ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /** How long ago a moment was. @param {string} iso */
  ago(iso) {
    const seconds = Math.max(0, (Date.now() - Date.parse(iso)) / 1000);
    const found = UNITS.find(([, length]) => seconds >= length);
    if (!found) return this.relative.format(0, "second");
    return this.relative.format(-Math.floor(seconds / found[1]), found[0]);
  }

  /** A moment in full, or only its time of day. @param {string} iso @param {Intl.DateTimeFormatOptions} [form] */
  moment(iso, form = { dateStyle: "long", timeStyle: "short" }) {
    return new Intl.DateTimeFormat(this.lang, form).format(new Date(iso));
  }
}
