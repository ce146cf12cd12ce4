// The few lines that travel with every rerun: find the app's address, then fetch the component's real modules once.

/** The address the app is served under, from the script that the browser did load: true behind any path prefix. */
function appBase() {
  const entry =
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name)
      .find((name) => /\/static\/js\/index\.[^/]+\.js$/.test(name)) ??
    document.querySelector('script[type="module"][src*="static/js/"]')?.src;
  return new URL(entry ? entry.replace(/static\/js\/[^/]*$/, "") : "./", document.baseURI);
}

/**
 * The modules and their style sheet, once for the page. Every call waits for the very same promise: Streamlit calls
 * again whenever the data changes, and a browser may settle two imports of one module in either order.
 */
function load(module, styles) {
  const pages = (window.batchvizModules ??= new Map());
  if (!pages.has(module)) {
    const loading = Promise.all([import(module), style(styles)]);
    loading.catch(() => pages.delete(module)); // the next call tries again
    pages.set(module, loading);
  }
  return pages.get(module);
}

function style(address) {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    document.head.append(
      Object.assign(link, { rel: "stylesheet", href: address, onload: resolve, onerror: resolve }),
    );
  });
}

/** The drawing library is the largest file of all: it is fetched beside the modules that will ask for it. */
function preload(href) {
  if (document.head.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href }));
}

export default async function (component) {
  const base = appBase();
  try {
    preload(new URL("api/plotly.js", base).href);
    const { module, style: styles } = component.data.assets;
    const [{ mount }] = await load(new URL(module, base).href, new URL(styles, base).href);
    return mount(component, base);
  } catch (error) {
    console.error(error);
    component.parentElement.querySelector(".batchviz-live").textContent =
      "The chart could not be loaded. Check the connection, then reload the page.";
    return undefined;
  }
}
