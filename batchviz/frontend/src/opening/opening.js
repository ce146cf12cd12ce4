// The first screen: a recorded race that plays, its question, and what can be raced. It stands in the page itself, before
// Streamlit is there, and moves into the live component when that has no run to show.

import { icon, only, setAttribute, setText } from "../core/dom.js";
import { showHints } from "../core/hints.js";
import * as format from "../core/format.js";
import { Track } from "./track.js";

const SECONDS = 9; // from the start line to the end
const WATCH = 500; // milliseconds between looks whether the page still wants it
const PATIENCE = 6; // looks at a page that is idle and has not taken it

/** @typedef {(preset: string) => void} Start trains a preset of experiment/presets.py */

export class Opening {
  #place;
  #section;
  #race;
  #track;
  #play;
  /** @type {Start | null} */
  #start = null;
  #pressed = ""; // before anybody could hear it
  #position = 0;
  /** @type {number | null} */
  #frame = null;
  #last = 0;

  /** @param {HTMLElement} place of the section in the page as it arrives */
  constructor(place) {
    showHints();
    this.#place = place;
    this.#section = only(place, ".batchviz-opening");
    this.#race = /** @type {import("./track.js").Race} */ (
      JSON.parse(only(this.#section, "script").textContent ?? "")
    );
    const picture = /** @type {SVGSVGElement} */ (this.#section.querySelector("svg"));
    this.#track = new Track(picture, this.#race);
    this.#play = only(this.#section, ".batchviz-replay button");
    this.#play.addEventListener("click", () => this.#toggle());
    for (const control of this.#section.querySelectorAll("[data-preset]")) {
      control.addEventListener("click", (event) => this.#press(/** @type {MouseEvent} */ (event), control));
    }
    // Who asked the system for less motion gets the end as a picture, and the button.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.#stand(this.#race.end);
    else this.#run();
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
    const app = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stApp]"));
    const idle = app?.dataset.testScriptState === "notRunning";
    if (looks <= 0) this.#place.remove();
    else setTimeout(() => this.#watch(idle ? looks - 1 : looks), WATCH);
  }

  #toggle() {
    if (this.#frame !== null) return this.#stand(this.#position);
    if (this.#position >= this.#race.end) this.#position = 0;
    return this.#run();
  }

  #run() {
    this.#last = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#step(now));
    this.#draw();
  }

  /** @param {number} position */
  #stand(position) {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#position = position;
    this.#draw();
  }

  /** @param {number} now */
  #step(now) {
    const { end } = this.#race;
    // A busy page gives few frames: the race goes on where it was, rather than leap.
    this.#position += (Math.max(0, Math.min(now - this.#last, 100)) / 1000 / SECONDS) * end;
    this.#last = now;
    if (this.#position >= end) return this.#stand(end);
    this.#frame = requestAnimationFrame((next) => this.#step(next));
    this.#draw();
    // Told to whoever measures: from now on something has moved.
    if (!this.#section.dataset.firstMotion) this.#section.dataset.firstMotion = String(performance.now());
    return undefined;
  }

  #draw() {
    const { end } = this.#race;
    this.#track.show(this.#position);
    const face = this.#frame === null ? "play" : "pause";
    if (this.#play.dataset.face !== face) {
      this.#play.dataset.face = face;
      this.#play.replaceChildren(icon(face));
      setAttribute(this.#play, "aria-label", face === "play" ? "Play the race" : "Pause");
    }
    setText(
      only(this.#section, ".batchviz-replay output"),
      `epoch ${format.quantity(Math.floor(10 * this.#position) / 10)} of ${format.quantity(end)}`,
    );
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
