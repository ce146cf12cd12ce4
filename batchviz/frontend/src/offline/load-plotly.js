// Plotly.js out of the page itself, where it stands compressed.

let loading = null;

async function unpack() {
  const packed = Uint8Array.from(atob(document.querySelector("#batchviz-plotly").textContent), (char) =>
    char.charCodeAt(0),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const source = await new Response(stream).text();
  document.head.append(Object.assign(document.createElement("script"), { textContent: source }));
  return window.Plotly;
}

export function loadPlotly() {
  loading ??= unpack();
  return loading;
}
