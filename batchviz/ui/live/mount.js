// The few lines that travel with every rerun: find the app's address, then fetch the real modules once.

/** The address the app is served under, from the script that the browser did load: true behind any path prefix. */
function appBase() {
  const entry = performance.getEntriesByType("resource").map(({ name }) => name)
    .find((name) => /\/static\/js\/index\.[^/]+\.js$/.test(name))
    ?? document.querySelector('script[type="module"][src*="static/js/"]')?.src;
  return new URL(entry ? entry.replace(/static\/js\/[^/]*$/, "") : "./", document.baseURI);
}

function style(address) {
  if (document.querySelector(`link[href="${address}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
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
