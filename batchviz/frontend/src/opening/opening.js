// The first screen: a recorded race that plays, its question, and what can be raced. It stands in the page itself, before
// Streamlit is there, and moves into the live component when that has no run to show.

import { isIdle } from "../core/app-state.js";
import { only, setAttribute } from "../core/dom.js";
import { showHints } from "../core/hints.js";
import { Replay } from "./replay.js";

const WATCH = 500; // milliseconds between looks whether the page still wants it
const PATIENCE = 6; // looks at a page that is idle and has not taken it

/** @typedef {(preset: string) => void} Start trains a preset of experiment/presets.py */

export class Opening {
  #place;
  #section;
  #replay;
  /** @type {Start | null} */
  #start = null;
  #pressed = ""; // before anybody could hear it

  /** @param {HTMLElement} place of the section in the page as it arrives */
  constructor(place) {
    showHints();
    this.#place = place;
    this.#section = only(place, ".batchviz-opening");
    const race = JSON.parse(only(this.#section, "script").textContent ?? "");
    this.#replay = new Replay(only(this.#section, ".batchviz-track"), race, () => {
      // Told to whoever measures: from now on something has moved.
      this.#section.dataset.firstMotion ??= String(performance.now());
    });
    for (const control of this.#section.querySelectorAll("[data-preset]")) {
      control.addEventListener("click", (event) => this.#press(/** @type {MouseEvent} */ (event), control));
    }
    this.#replay.begin();
    if (!place.hidden) this.#watch(PATIENCE);
  }

  /**
   * Stand in the live component from now on.
   * @param {HTMLElement} host
   * @param {Start} start
   */
  moveInto(host, start) {
    this.#start = start;
    if (this.#section.parentElement !== host) host.append(this.#section);
    this.#section.dataset.ready ??= String(performance.now()); // told to whoever measures: a press is heard
    this.#place.remove();
    const pressed = this.#pressed;
    this.#pressed = "";
    if (pressed) start(pressed);
  }

  /** Something else is about to happen, for which the page needs its hands free. */
  hold() {
    this.#replay.hold();
  }

  /** Nobody shows it. */
  remove() {
    if (!this.#section.isConnected) return;
    this.#section.remove();
    this.#place.remove();
    this.#mark("");
  }

  /**
   * @param {MouseEvent} event
   * @param {Element} control
   */
  #press(event, control) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a link opens elsewhere
    event.preventDefault();
    const preset = /** @type {HTMLElement} */ (control).dataset.preset ?? "";
    this.#mark(preset);
    if (this.#start) this.#start(preset);
    else this.#pressed = preset;
  }

  /** @param {string} preset that was pressed */
  #mark(preset) {
    for (const control of this.#section.querySelectorAll("[data-preset]")) {
      setAttribute(control, "aria-busy", control.getAttribute("data-preset") === preset ? "true" : null);
    }
  }

  /** A page that turned out to show something else must not be covered. */
  #watch(/** @type {number} */ looks) {
    if (!this.#place.isConnected) return;
    if (looks <= 0) this.#place.remove();
    else setTimeout(() => this.#watch(isIdle() ? looks - 1 : looks), WATCH);
  }
}

/** @type {Opening | null | undefined} */
let opening;

/** The page's first screen; null where the page has none, as in a file that plays alone. */
export function theOpening() {
  if (opening === undefined) {
    const place = document.getElementById("batchviz-opening");
    opening = place ? new Opening(place) : null;
  }
  return opening;
}
