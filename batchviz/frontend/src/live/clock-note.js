// Beside an axis of seconds: whose they are, or that none are known yet and how to get them.

import { element, setText } from "../core/dom.js";

export class ClockNote {
  /** @param {() => void} measure */
  constructor(measure) {
    this.text = element("p", { class: "bv-note", "aria-live": "polite" });
    this.button = element(
      "button",
      { type: "button", class: "bv-button", onclick: measure },
      "Measure the clock (a few seconds)",
    );
    this.node = element("div", { class: "bv-clock", "data-testid": "live-clock" }, this.text, this.button);
  }

  /**
   * @param {boolean} seconds whether they are what the axis counts
   * @param {import("../core/payload.js").ClockState | null} state
   */
  draw(seconds, state) {
    this.node.hidden = !seconds || !state;
    setText(this.text, state?.note ?? "");
    this.button.hidden = !state?.offer;
  }
}
