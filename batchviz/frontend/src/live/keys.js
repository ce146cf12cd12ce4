// A presenter's keys: whoever stands before a class has no hand for the pointer, and the focus may be anywhere.

/**
 * @typedef {object} Acts
 * @property {() => void} toggle plays, or pauses
 * @property {(stride: "epoch" | "update", direction: 1 | -1) => void} step
 * @property {() => void} begin to the start
 * @property {() => void} end to the end
 * @property {() => void} axis the next one
 * @property {() => void} full the chart over the whole screen, and back
 */

/**
 * What a key does, as on the player; null for one that is none of ours.
 * @param {{ key: string, shiftKey: boolean }} event
 * @param {Acts} acts
 * @returns {(() => void) | null}
 */
export function act({ key, shiftKey }, acts) {
  const stride = shiftKey ? "epoch" : "update";
  /** @type {Record<string, () => void>} */
  const known = {
    " ": acts.toggle,
    ArrowRight: () => acts.step(stride, 1),
    ArrowLeft: () => acts.step(stride, -1),
    PageDown: () => acts.step("epoch", 1),
    PageUp: () => acts.step("epoch", -1),
    Home: acts.begin,
    End: acts.end,
    x: acts.axis,
    f: acts.full,
  };
  const name = key.length === 1 ? key.toLowerCase() : key;
  return Object.hasOwn(known, name) ? known[name] : null;
}

/**
 * Whether somebody is about to type, choose or press where the focus is: then the key is that place's own.
 * @param {EventTarget | null} target
 */
function taken(target) {
  return (
    target instanceof Element &&
    target.closest(
      "input, textarea, select, button, a, summary, [role=slider], [role=radio], [contenteditable]",
    ) !== null
  );
}

/**
 * Listen on the whole page; returns what ends it.
 * @param {() => boolean} wanted
 * @param {Acts} acts
 */
export function listen(wanted, acts) {
  const heard = (/** @type {KeyboardEvent} */ event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !wanted() || taken(event.target)) return;
    const does = act(event, acts);
    if (!does) return;
    event.preventDefault();
    does();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}
