// A term where it stands: pressed, it opens its card. In a page without cards (src/terms.js) it is plain text.

import { element } from "./dom.js";

/**
 * @param {string} text
 * @param {string | undefined} key of text/terms.py; nothing where it is no term
 * @returns {Node}
 */
export function word(text, key) {
  return key && document.documentElement.dataset.terms
    ? element("button", { type: "button", class: "batchviz-word", "data-term": key }, text)
    : document.createTextNode(text);
}
