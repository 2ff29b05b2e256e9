/** Talking to the server: the calls, the reader's token, the hop that fetches it, and drafts. */

/** @import { Calls } from "./comity-types.js" */

/** The server's address: where this script came from. */
export const BASE = new URL(".", import.meta.url).href.replace(/\/(static\/)?$/, "");

const TOKEN = `comity:token:${BASE}`;

/** The mark that this tab left for the sign-in itself: without it, a code is somebody else's doing. */
const LEFT = `comity:left:${BASE}`;

/** What went wrong, in the server's words; code "network" when it could not be reached. */
export class ApiError extends Error {
  /** @param {number} status @param {{code?: string, message?: string, remedy?: string}} told */
  constructor(status, { code = "network", message, remedy }) {
    super([message, remedy].filter(Boolean).join(" "));
    this.status = status;
    this.code = code;
  }
}

/** Where storage is forbidden, things last as long as the page. @type {Map<string, string>} */
const spare = new Map();

/** @param {string} key @returns {any} */
export function recall(key) {
  let kept;
  try {
    kept = sessionStorage.getItem(key);
  } catch {
    kept = spare.get(key);
  }
  return JSON.parse(kept || "null");
}

/** @param {string} key @param {any} [value] Nothing forgets. */
export function remember(key, value) {
  const kept = JSON.stringify(value ?? null);
  try {
    sessionStorage.setItem(key, kept);
  } catch {
    spare.set(key, kept);
  }
}

/** The reader's token, unless there is none or its time is over. */
export function token() {
  const kept = recall(TOKEN);
  return kept && Date.parse(kept.expires_at) > Date.now() ? kept.token : null;
}

/** @type {Promise<boolean>} One code, one exchange, however many elements the page has. */
let arrival = Promise.resolve(true);

/**
 * Turn the one-time code in the address into a token; false: it was refused. A code that this tab
 * did not leave for is dropped: a link could carry a stranger's, and the reader write in their name.
 */
export function arrive() {
  const code = /^#comity=(.*)/.exec(location.hash)?.[1];
  const left = recall(LEFT);
  remember(LEFT);
  if (code !== undefined) {
    history.replaceState(history.state, "", location.pathname + location.search);
    if (code && left) {
      arrival = send("POST", "/token", { code }).then(
        (told) => (remember(TOKEN, told), true),
        () => false,
      );
    }
  }
  return arrival;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object | null} [body]
 * @param {AbortSignal} [signal]
 * @param {string | null} [bearer]
 * @returns {Promise<any>}
 */
async function send(method, path, body, signal, bearer) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (bearer) headers["Authorization"] = `Bearer ${bearer}`;
  /** @type {RequestInit} */
  const request = { method, headers, credentials: "omit" };
  if (body) request.body = JSON.stringify(body);
  if (signal) request.signal = signal;
  const response = await fetch(`${BASE}/api/v1${path}`, request).catch((error) => {
    throw signal?.aborted ? error : new ApiError(0, {});
  });
  const told = await response.json().catch(() => ({}));
  if (response.ok) return told;
  if (response.status === 401) remember(TOKEN);
  throw new ApiError(response.status, told.error ?? { code: "internal" });
}

/** One story's calls; reads go without the token, so that caches serve all readers alike.
 * @param {string} site @param {string} story @param {AbortSignal} signal @returns {Calls} */
export function calls(site, story, signal) {
  const ours = `/sites/${encodeURIComponent(site)}`;
  const here = `${ours}/stories/${encodeURIComponent(story)}`;
  /** @param {string} path */
  const get = (path) => send("GET", path, null, signal);
  /** @param {string} method @param {string} path @param {object} [body] */
  const own = (method, path, body) => send(method, path, body, signal, token());
  return {
    thread: (sort, after) => get(`${here}/comments?${new URLSearchParams(after ? { sort, after } : { sort })}`),
    replies: (id, after) => get(`/comments/${id}/replies?${new URLSearchParams(after ? { after } : {})}`),
    comment: (id) => get(`/comments/${encodeURIComponent(id)}`),
    rules: () => get(`${ours}/rules`),
    mine: () => own("GET", `${here}/mine`),
    preview: (text, reply_to) => own("POST", `${here}/comments:preview`, { text, reply_to }),
    post: (text, reply_to, client_id) => own("POST", `${here}/comments`, { text, reply_to, client_id }),
    edit: (id, text) => own("PATCH", `/comments/${id}`, { text }),
    withdraw: (id) => own("DELETE", `/comments/${id}`),
    flag: (id, rule, note) => own("POST", `/comments/${id}/flags`, { rule, note }),
    signOut: () =>
      own("DELETE", "/sessions")
        .catch(() => null)
        .then(() => remember(TOKEN)),
  };
}

/** Leave for the sign-in; the server sends the reader back to this page with a code. @param {string} site */
export function signIn(site) {
  remember(LEFT, newId());
  const page = encodeURIComponent(location.href.replace(/#.*/s, ""));
  location.assign(`${BASE}/sign-in?site=${encodeURIComponent(site)}&return_to=${page}`);
}

// On our own pages the link in the header leaves for the sign-in as well.
if (new URL(BASE).origin === location.origin) {
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest('header.top a[href^="/sign-in?"]')) remember(LEFT, newId());
  });
}

/** A new id; `crypto.randomUUID` would need a secure page. */
export function newId() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
