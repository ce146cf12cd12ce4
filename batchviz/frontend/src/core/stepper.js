// Play, step and slider over what has an order: batches that are dealt, moments of a run.

import { element, icon, setAttribute } from "./dom.js";

const PLAY_MS = 10_000; // from the first step to the last, where there are many
const SLOW_MS = 900; // and the longest that one stays
const QUICK_MS = 60; // and the shortest

/**
 * @typedef {object} Words of a stepper
 * @property {string} back
 * @property {string} next
 * @property {string} slider
 */

export class Stepper {
  #position = 0;
  #last = 0;
  #timer = 0;
  #go;

  /**
   * @param {Words} words
   * @param {(position: number, playing: boolean) => string} go draws a position; what it returns is the slider's value
   *   in words
   */
  constructor({ back, next, slider }, go) {
    this.#go = go;
    this.slider = element("input", {
      type: "range",
      min: 0,
      "aria-label": slider,
      oninput: () => this.go(Number(this.slider.value)),
    });
    this.play = button("Play", "play", () => this.#toggle());
    this.element = element(
      "div",
      { class: "batchviz-stepper" },
      button(back, "updateBack", () => this.go(this.#position - 1)),
      this.play,
      button(next, "updateForward", () => this.go(this.#position + 1)),
      this.slider,
    );
  }

  /**
   * Begin anew.
   * @param {number} last position, counted from 0
   */
  start(last) {
    this.pause();
    this.#last = last;
    this.slider.max = String(last);
    this.go(0);
  }

  /** @param {number} position */
  go(position) {
    this.#position = Math.max(0, Math.min(position, this.#last));
    this.slider.value = String(this.#position);
    setAttribute(this.slider, "aria-valuetext", this.#go(this.#position, this.#timer !== 0));
    if (this.#position === this.#last) this.pause();
  }

  pause() {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    this.#drawPlay();
  }

  #toggle() {
    if (this.#timer) {
      this.pause();
      return;
    }
    if (this.#position === this.#last) this.go(0);
    const each = Math.min(SLOW_MS, Math.max(QUICK_MS, PLAY_MS / this.#last));
    const step = Math.max(1, Math.round((each * this.#last) / PLAY_MS));
    this.#timer = window.setInterval(() => this.go(this.#position + step), each);
    this.#drawPlay();
  }

  #drawPlay() {
    const playing = this.#timer !== 0;
    setAttribute(this.play, "aria-label", playing ? "Pause" : "Play");
    this.play.replaceChildren(icon(playing ? "pause" : "play"));
  }
}

/**
 * @param {string} label
 * @param {Parameters<typeof icon>[0]} picture
 * @param {() => void} act
 */
function button(label, picture, act) {
  return element("button", { type: "button", "aria-label": label, onclick: act }, icon(picture));
}
