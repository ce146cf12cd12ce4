// A double click on a picture that Plotly draws.

const STILL = 6; // pixels between press and release that are no drag

/**
 * Call `act` after each double click on `node`. Plotly counts clicks by the time it gets round to them, and so misses
 * every double click of a busy machine; the browser counts by the time of the input. Its own dblclick event never
 * comes: Plotly covers the page while the button is down, so press and release meet different elements.
 */
export function onDoubleClick(node, act) {
  node.addEventListener("mousedown", (down) => {
    if (down.detail !== 2) return;
    window.addEventListener("mouseup", (up) => {
      if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) < STILL) act();
    }, { once: true, capture: true });
  }, { capture: true });
}
