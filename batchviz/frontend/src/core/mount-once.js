// One object a place on the page, however often Streamlit calls.

/**
 * The `mount` of a component, called by Streamlit when it appears and again whenever its data or the theme changes.
 * `make(component, base)` returns an object with `update(component)` and `close()`.
 */
export function mounted(make) {
  const places = new WeakMap();
  return (component, base) => {
    const { parentElement } = component;
    if (!places.has(parentElement)) places.set(parentElement, { part: make(component, base), calls: 0 });
    const place = places.get(parentElement);
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
