// Terms in a sentence, each where it stands first, as batchviz/text/term_places.py finds them.

import { element } from "./dom.js";
import { PHRASES } from "./series.js";

const LONGEST_FIRST = [...PHRASES.keys()].sort((a, b) => b.length - a.length);
const PHRASE = new RegExp(`\\b(${LONGEST_FIRST.join("|")})\\b`, "gi"); // letters, blanks and hyphens alone

/**
 * A sentence cut at the terms in it; `key` is the term that a piece stands for, empty for none.
 * @param {string} text
 */
export function pieces(text) {
  /** @type {{ text: string, key: string }[]} */
  const found = [];
  const seen = new Set();
  let end = 0;
  for (const match of text.matchAll(PHRASE)) {
    const key = PHRASES.get(match[0].toLowerCase()) ?? "";
    if (seen.has(key)) continue;
    seen.add(key);
    if (match.index > end) found.push({ text: text.slice(end, match.index), key: "" });
    found.push({ text: match[0], key });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ text: text.slice(end), key: "" });
  return found;
}

/**
 * Set a sentence in which terms open their cards, where there is what opens them (src/terms.js): not in a file.
 * @param {HTMLElement} node
 * @param {string} text
 */
export function setSentence(node, text) {
  if (node.textContent === text) return;
  if (document.documentElement.dataset.terms !== "here") {
    node.textContent = text;
    return;
  }
  node.replaceChildren(
    ...pieces(text).map(({ text: words, key }) =>
      key ? element("button", { type: "button", class: "batchviz-word", "data-term": key }, words) : words,
    ),
  );
}
