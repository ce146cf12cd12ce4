// Plays a recorded race from its start line to its end: the picture, a button, and how far it is.

import { icon, only, setAttribute, setText } from "../core/dom.js";
import * as format from "../core/format.js";
import { Track } from "./track.js";

const SECONDS = 9; // from the start line to the end

export class Replay {
  #race;
  #track;
  #play;
  #told;
  #moved;
  #position = 0;
  /** @type {number | null} */
  #frame = null;
  #last = 0;

  /**
   * @param {HTMLElement} figure of the class batchviz-track: an SVG, and in batchviz-replay a button and an output
   * @param {import("./track.js").Race} race
   * @param {() => void} [moved] called with every frame that moved it
   */
  constructor(figure, race, moved) {
    this.#race = race;
    this.#moved = moved;
    this.#track = new Track(/** @type {SVGSVGElement} */ (figure.querySelector("svg")), race);
    this.#play = only(figure, ".batchviz-replay button");
    this.#told = only(figure, ".batchviz-replay output");
    this.#play.addEventListener("click", () => this.#toggle());
  }

  /** Who asked the system for less motion gets the end as a picture, and the button. */
  begin() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.#stand(this.#race.end);
    else this.#run();
  }

  /** Stand still where it is, if it plays. */
  hold() {
    if (this.#frame !== null) this.#stand(this.#position);
  }

  /** It is seen no more. */
  close() {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  #toggle() {
    if (this.#frame !== null) return this.hold();
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
    this.close();
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
    this.#moved?.();
    return undefined;
  }

  #draw() {
    const { end, unit } = this.#race;
    this.#track.show(this.#position);
    const face = this.#frame === null ? "play" : "pause";
    if (this.#play.dataset.face !== face) {
      this.#play.dataset.face = face;
      this.#play.replaceChildren(icon(face));
      setAttribute(this.#play, "aria-label", face === "play" ? "Play the race" : "Pause");
    }
    const digits = unit === "epoch" ? 10 : 1;
    setText(
      this.#told,
      `${unit} ${format.quantity(Math.floor(digits * this.#position) / digits)} of ${format.quantity(end)}`,
    );
  }
}
