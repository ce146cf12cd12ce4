// Below the headline: which batch size to train here, the button, and what that will be.

import { element, setText } from "../core/dom.js";
import { Slider } from "./slider.js";

/**
 * @typedef {import("./browser-training.js").BrowserTraining} BrowserTraining
 * @typedef {import("./document.js").Choice} Choice
 * @typedef {import("./document.js").Size} Size
 */

const YOURS =
  "The verdict is about the recorded runs. Yours stand beside them, but not over seconds: that clock is the recording machine's.";

export class TrainingPanel {
  /** @type {Size[]} */
  #sizes = [];
  /** @type {number | null} */
  #wish = null;
  #training;

  /**
   * @param {BrowserTraining} training
   * @param {() => void} changed
   * @param {(size: Size) => void} train
   */
  constructor(training, changed, train) {
    this.#training = training;
    const choose = (/** @type {number} */ examples) => {
      this.#wish = examples;
      changed();
    };
    const press = () => (training.busy ? training.stop() : train(this.size));
    this.slider = new Slider("Or train another one: batch size", choose, false);
    this.button = element("button", { type: "button", class: "bv-button", onclick: press });
    this.note = element("p", { class: "bv-note" });
    this.node = element(
      "div",
      { class: "batchviz-train", "data-testid": "browser-training" },
      this.slider.node,
      this.button,
      this.note,
    );
  }

  /** The batch size that would be trained. */
  get size() {
    return this.#sizes.find(({ examples }) => examples === this.#wish) ?? this.#sizes[0];
  }

  /**
   * @param {Choice} choice
   * @param {number[]} recorded the batch sizes of its runs
   */
  draw(choice, recorded) {
    const training = this.#training;
    const setUp = training.setUp(choice);
    this.node.hidden = !setUp;
    if (!setUp) return;
    this.#sizes = setUp.sizes;
    if (!this.#sizes.some(({ examples }) => examples === this.#wish))
      this.#wish = middle(this.#sizes, recorded);
    this.slider.draw(
      this.#sizes.map(({ examples, name }) => ({ at: examples, name })),
      this.#wish,
    );
    const known = training.has(choice, this.size);
    this.button.disabled = known && !training.busy;
    setText(this.button, training.busy ? "Stop" : known ? "Trained" : "Train in your browser");
    const what = `${setUp.amount}, learning rate ${choice.learning_rate}: the data, first weights and order of the recorded runs.`;
    setText(this.note, training.ids(choice).length ? YOURS : what);
  }
}

/**
 * The middle one of those that were not recorded.
 * @param {Size[]} sizes
 * @param {number[]} recorded
 */
function middle(sizes, recorded) {
  const others = sizes.filter(({ examples }) => !recorded.includes(examples));
  return (others.length ? others : sizes)[others.length >> 1].examples;
}
