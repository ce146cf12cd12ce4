// Plotly.js, fetched once for the page and only when the browser has time or a curve to draw.

const RETRY = 3000; // milliseconds

/** @typedef {import("../plotly.js").Plotly} Plotly */

/** @type {Promise<Plotly> | null} */
let loading = null;

/**
 * The Plotly object, however often the network has to be asked for it.
 * @param {URL | string} base the app's address
 * @returns {Promise<Plotly>}
 */
export function loadPlotly(base) {
  loading ??= fetched(base).catch((error) => {
    console.warn("BatchViz: the drawing library did not arrive, trying again.", error);
    return new Promise((resolve) => {
      setTimeout(() => {
        loading = null;
        resolve(loadPlotly(base));
      }, RETRY);
    });
  });
  return loading;
}

/**
 * @param {URL | string} base
 * @returns {Promise<Plotly>}
 */
function fetched(base) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("api/plotly.js", base).href;
    script.async = true;
    script.onload = () =>
      window.Plotly ? resolve(window.Plotly) : reject(new Error("api/plotly.js defined no Plotly"));
    script.onerror = () => reject(new Error("api/plotly.js could not be loaded"));
    document.head.append(script);
  });
}
