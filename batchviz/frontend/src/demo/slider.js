// A slider that stops at what can be chosen and nowhere else.

import { element, setAttribute, setText } from "../core/dom.js";

/** A slider over stops that need not be evenly spaced: from each to the next it is one step. */
export class Slider {
  /** @type {{ at: number, name: string }[]} */
  #stops = [];

  /**
   * @param {string} label
   * @param {(at: number) => void} choose
   * @param {boolean} [named] whether the stops stand below it: where there are few
   */
  constructor(label, choose, named = true) {
    this.named = named;
    this.input = element("input", {
      type: "range",
      class: "bv-scrubber",
      min: 0,
      step: 1,
      "aria-label": label,
      oninput: () => choose(this.#stops[Number(this.input.value)].at),
    });
    this.output = element("output", { class: "bv-output" });
    this.ticks = element("span", { class: "bv-ticks", "aria-hidden": "true" });
    this.node = element(
      "label",
      { class: "bv-field bv-slider" },
      element("span", { class: "bv-label" }, label, " ", this.output),
      this.input,
      this.ticks,
    );
  }

  /**
   * @param {{ at: number, name: string }[]} stops
   * @param {number | null} chosen
   */
  draw(stops, chosen) {
    this.#stops = stops;
    this.node.hidden = stops.length === 0;
    if (!stops.length) return;
    const stop = stops.findIndex(({ at }) => at === chosen);
    const last = stops.length - 1;
    setAttribute(this.input, "max", last);
    if (Number(this.input.value) !== stop) this.input.value = String(stop);
    this.input.disabled = last === 0;
    this.input.style.setProperty("--share", `${(stop / Math.max(last, 1)) * 100}%`);
    setAttribute(this.input, "aria-valuetext", stops[stop].name);
    setText(this.output, stops[stop].name);
    const names = this.named ? stops.map(({ name }) => name) : [];
    if (this.ticks.dataset.names !== names.join(" ")) {
      this.ticks.dataset.names = names.join(" ");
      this.ticks.replaceChildren(...names.map((name) => element("span", {}, name)));
    }
  }
}
