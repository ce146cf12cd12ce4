// The few lines that travel with every rerun: find the app's address, then fetch the real modules once.

/** The address the app is served under, from the script that the browser did load: true behind any path prefix. */
function appBase() {
  const entry = performance.getEntriesByType("resource").map(({ name }) => name)
    .find((name) => /\/static\/js\/index\.[^/]+\.js$/.test(name))
    ?? document.querySelector('script[type="module"][src*="static/js/"]')?.src;
  return new URL(entry ? entry.replace(/static\/js\/[^/]*$/, "") : "./", document.baseURI);
}

/** Resolves when the style sheet is there. Every call waits for the same load: a later one must not overtake. */
function style(address) {
  const known = document.querySelector(`link[href="${address}"]`);
  if (known) return known.loading;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  link.loading = new Promise((resolve) => Object.assign(link, { onload: resolve, onerror: resolve }));
  document.head.append(link);
  return link.loading;
}

export default async function (component) {
  const base = appBase();
  const assets = new URL(component.data.assets, base);
  try {
    const [{ mount }] = await Promise.all([import(new URL("live.js", assets).href), style(new URL("live.css", assets).href)]);
    return mount(component, base);
  } catch (error) {
    console.error(error);
    component.parentElement.querySelector(".batchviz-live").textContent =
      "The chart could not be loaded. Check the connection, then reload the page.";
    return undefined;
  }
}
