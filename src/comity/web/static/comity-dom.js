/** Making elements and marking words. */

/**
 * Make an element. `on…` properties are listeners; true is an empty attribute; null and false none.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === 0 || value) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(.../** @type {Node[]} */ (children.filter(Boolean)));
  return element;
}

/**
 * Make a button. While it is `off` it stays in the tab order, so that the reason can be read.
 *
 * @param {string} label
 * @param {() => void} act
 * @param {Record<string, any>} [properties] `off`: why it does nothing.
 */
export function button(label, act, { off, ...properties } = {}) {
  const state = { "aria-disabled": off && "true", title: off };
  return h("button", { type: "button", class: "link", onclick: () => off || act(), ...state, ...properties }, label);
}

/** Hold HTML that the server has made and escaped. @param {string} html @param {string} [kind] */
export function served(html, kind) {
  const element = h("div", { class: kind, dir: "auto" });
  element.innerHTML = html;
  return element;
}

/** Mark spans, which count code points, in a text. @param {string} text @param {[number, number][]} spans */
export function marked(text, spans) {
  const points = Array.from(text);
  const hit = points.map((_, at) => spans.some(([start, end]) => start <= at && at < end));
  const place = h("p", { class: "marked", dir: "auto" });
  for (let start = 0, end = 0; start < points.length; start = end) {
    while (end < points.length && hit[end] === hit[start]) end += 1;
    const part = points.slice(start, end).join("");
    place.append(hit[start] ? h("mark", {}, part) : part);
  }
  return place;
}
