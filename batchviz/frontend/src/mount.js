// The few lines that travel with every rerun: find the app's address, then fetch the component's real modules once.

/**
 * @typedef {import("./core/mount-once.js").Component} Component its data: what the modules take, and {assets}
 * @typedef {Record<string, { mount: (component: Component, base: URL) => () => void }>} Modules by the component's name
 */

/** The address the app is served under, from the script that the browser did load: true behind any path prefix. */
function appBase() {
  /** @type {HTMLScriptElement | null} */
  const script = document.querySelector('script[type="module"][src*="static/js/"]');
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const entry = loaded.find((name) => /\/static\/js\/index\.[^/]+\.js$/.test(name)) ?? script?.src;
  return new URL(entry ? entry.replace(/static\/js\/[^/]*$/, "") : "./", document.baseURI);
}

/**
 * The modules and their style sheet, once for the page. Every call waits for the very same promise: Streamlit calls
 * again whenever the data changes, and a browser may settle two imports of one module in either order.
 * @param {string} address of the module
 * @param {string} styles their address
 * @returns {Promise<Modules>}
 */
function load(address, styles) {
  /** @type {Window & { batchvizModules?: Map<string, Promise<Modules>> }} */
  const page = window;
  const modules = (page.batchvizModules ??= new Map());
  const loading =
    modules.get(styles) ?? Promise.all([import(address), style(styles)]).then(([module]) => module);
  if (!modules.has(styles)) {
    modules.set(styles, loading);
    loading.catch(() => modules.delete(styles)); // the next call tries again
  }
  return loading;
}

/** @param {string} address */
function style(address) {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    document.head.append(
      Object.assign(link, { rel: "stylesheet", href: address, onload: resolve, onerror: resolve }),
    );
  });
}

/**
 * The drawing library is the largest file of all: it is fetched beside the modules that will ask for it.
 * @param {string} href
 */
function preload(href) {
  if (document.head.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href }));
}

/** @param {Component} component */
export default async function mountModule(component) {
  const base = appBase();
  try {
    preload(new URL("api/plotly.js", base).href);
    const { module, part, style: styles } = component.data.assets;
    const parts = await load(new URL(module, base).href, new URL(styles, base).href);
    return parts[part].mount(component, base);
  } catch (error) {
    console.error(error);
    const place = component.parentElement.querySelector(".batchviz-live");
    if (place)
      place.textContent = "The chart could not be loaded. Check the connection, then reload the page.";
    return undefined;
  }
}
