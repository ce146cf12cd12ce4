// One object a place on the page, however often Streamlit calls.

/**
 * @typedef {object} Component what Streamlit hands to the script of a component
 * @property {HTMLElement} parentElement the place on the page
 * @property {any} data what Python told, as JSON
 * @property {(name: string, value: unknown) => void} setTriggerValue tells Python, which runs its script again
 */

/**
 * @typedef {object} Part what stands at one place
 * @property {(component: Component) => void} update
 * @property {() => void} close
 */

/**
 * The `mount` of a component, called by Streamlit when it appears and again whenever its data or the theme changes.
 * @param {(component: Component, base: URL) => Part} make
 */
export function mountOnce(make) {
  /** @type {WeakMap<HTMLElement, { part: Part, calls: number }>} */
  const places = new WeakMap();
  return (/** @type {Component} */ component, /** @type {URL} */ base) => {
    const { parentElement } = component;
    const place = places.get(parentElement) ?? { part: make(component, base), calls: 0 };
    places.set(parentElement, place);
    const call = ++place.calls;
    place.part.update(component);
    return () => {
      // Streamlit drops a call that a newer one overtook while the modules were loading: the newer one still shows.
      if (call !== place.calls) return;
      place.part.close();
      places.delete(parentElement);
    };
  };
}
