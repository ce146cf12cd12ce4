// Plotly.js, fetched once for the page and only when the browser has time or a curve to draw.

let loading = null;

/** The Plotly object; a failed download is tried again on the next call. */
export function loadPlotly(base) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("api/plotly.js", base);
    script.async = true;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("api/plotly.js defined no Plotly")));
    script.onerror = () => reject(new Error("api/plotly.js could not be loaded"));
    document.head.append(script);
  }).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}
