// What a page that plays alone holds: JSON in elements of the page, or what was unpacked from it.

import { only } from "../core/dom.js";

/** @type {Map<string, any>} */
const known = new Map();

/**
 * From now on this stands under that name.
 * @param {string} id
 * @param {unknown} value
 */
export function keep(id, value) {
  known.set(id, value);
}

/** @param {string} id of an element that holds JSON, or a name that something was kept under */
export function embedded(id) {
  if (!known.has(id)) keep(id, JSON.parse(only(document, `#${CSS.escape(id)}`).textContent));
  return known.get(id);
}

/**
 * The text of an element that holds it gzipped, in base64.
 * @param {string} id
 */
export async function unpacked(id) {
  const packed = Uint8Array.from(atob(only(document, `#${id}`).textContent), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
