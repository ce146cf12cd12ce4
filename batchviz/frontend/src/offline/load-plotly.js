// Plotly.js out of the page itself, where it stands compressed.

import { unpacked } from "./embedded.js";

/** @typedef {import("../plotly.js").Plotly} Plotly */

/** @type {Promise<Plotly> | null} */
let loading = null;

/** @returns {Promise<Plotly>} */
async function unpack() {
  const source = await unpacked("batchviz-plotly");
  document.head.append(Object.assign(document.createElement("script"), { textContent: source }));
  if (!window.Plotly) throw new Error("the script in this page defined no Plotly");
  return window.Plotly;
}

export function loadPlotly() {
  loading ??= unpack();
  return loading;
}
