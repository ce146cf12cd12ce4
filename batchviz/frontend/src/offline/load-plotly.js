// Plotly.js out of the page itself, where it stands compressed.

import { only } from "../core/dom.js";

/** @typedef {import("../plotly.js").Plotly} Plotly */

/** @type {Promise<Plotly> | null} */
let loading = null;

/** @returns {Promise<Plotly>} */
async function unpack() {
  const text = atob(only(document, "#batchviz-plotly").textContent);
  const packed = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const source = await new Response(stream).text();
  document.head.append(Object.assign(document.createElement("script"), { textContent: source }));
  if (!window.Plotly) throw new Error("the script in this page defined no Plotly");
  return window.Plotly;
}

export function loadPlotly() {
  loading ??= unpack();
  return loading;
}
