// How the curves are drawn: every control acts on the view alone, the server is not asked.

import { CLOCK_PATHS } from "../core/series.js";
import { AXES } from "../core/units.js";
import { element, setAttribute, setText } from "../core/dom.js";
import { segmented } from "../core/segmented.js";
import { explainUpdates, replicated } from "./describe.js";

/** @type {["color" | "dash" | "panels", string][]} */
const MEANS = [
  ["color", "Colour by"],
  ["dash", "Dash by"],
  ["panels", "Panels by"],
];
const TRAINING = {
  end: "True loss at the epoch's end",
  running: "Keras' running mean",
};
const EXPLANATION = {
  end: "Training curve: the loss of the training rows (in large runs of a fixed random sample of 2,048 of them), measured at the end of each epoch, beside the validation loss of the same weights.",
  running:
    "Training curve: what Keras prints, the mean over the epoch's batches, each taken before its update. It lags the validation curve by about half an epoch, so validation can look better than training.",
};

const SEEDS =
  "A thin line for every seed, behind the mean and the band. It shows whether all of them went the same way, or one alone pulls the mean.";
const PICTURES = {
  png: "a picture in pixels, for slides and messages. It shows both charts as they are now.",
  svg: "a drawing in lines, which stays sharp at any size, for print. It shows both charts as they are now.",
};

/**
 * @typedef {import("./view-state.js").View} View
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {object} Actions
 * @property {() => void} resetZoom
 * @property {(format: "png" | "svg") => void} save
 */

export class Toolbar {
  /**
   * @param {View} view
   * @param {Actions} actions
   */
  constructor(view, actions) {
    this.view = view;
    this.axis = segmented(
      "x-axis",
      entries(AXES).map(([id, axis]) => ({ id, name: axis.name })),
      (axis) => view.set({ axis }),
    );
    this.clock = segmented(
      "seconds of",
      entries(CLOCK_PATHS).map(([id, name]) => ({ id, name })),
      (clock) => view.set({ clock }),
    );
    this.scale = segmented(
      "y-axis",
      [
        { id: /** @type {const} */ ("linear"), name: "Linear" },
        { id: /** @type {const} */ ("log"), name: "Log" },
      ],
      (scale) => view.set({ scale }),
    );
    this.training = element(
      "select",
      {
        class: "bv-select",
        onchange: () => view.set({ training: this.training.value === "running" ? "running" : "end" }),
      },
      ...entries(TRAINING).map(([id, name]) => element("option", { value: id }, name)),
    );
    this.noise = element("input", {
      type: "checkbox",
      role: "switch",
      onchange: () => view.set({ noise: this.noise.checked }),
    });
    this.every = element("label", { class: "bv-field bv-switch" }, this.noise, "Every update");
    this.seeds = element("input", {
      type: "checkbox",
      role: "switch",
      onchange: () => view.set({ seeds: this.seeds.checked }),
    });
    this.single = element(
      "label",
      { class: "bv-field bv-switch", "data-hint": SEEDS },
      this.seeds,
      "Single seeds",
    );
    this.smoothing = element("input", {
      type: "range",
      class: "bv-scrubber bv-short",
      min: 0,
      max: 0.95,
      step: 0.05,
      "aria-label": "Smoothing, weight of the past",
      oninput: () => view.set({ smoothing: Number(this.smoothing.value) }),
    });
    this.weight = element("output", { class: "bv-output" });
    this.reset = element(
      "button",
      { type: "button", class: "bv-button", onclick: actions.resetZoom },
      "Reset zoom",
    );
    const picture = (/** @type {"png" | "svg"} */ format) =>
      element(
        "button",
        {
          type: "button",
          class: "bv-button",
          "data-hint": `${format.toUpperCase()}: ${PICTURES[format]}`,
          onclick: () => actions.save(format),
        },
        format.toUpperCase(),
      );
    this.explanation = element("p", { class: "bv-explanation" });
    this.apart = MEANS.map(([means, title]) => new Chooser(title, (value) => view.set({ [means]: value })));
    this.tell = element(
      "details",
      { class: "bv-apart", "data-testid": "tell-apart" },
      element("summary", {}, "Colour, dash, panels"),
      element("div", { class: "bv-choices" }, ...this.apart.map(({ node }) => node)),
    );
    this.node = element(
      "div",
      { class: "bv-toolbar", role: "group", "aria-label": "Display", "data-testid": "live-toolbar" },
      this.axis.node,
      this.clock.node,
      this.scale.node,
      field("Training curve", this.training, EXPLANATION.end),
      this.every,
      this.single,
      element(
        "label",
        { class: "bv-field" },
        element("span", { class: "bv-label" }, "Smoothing"),
        this.smoothing,
        this.weight,
      ),
      this.tell,
      element("div", { class: "bv-field bv-end" }, this.reset, picture("png"), picture("svg")),
      this.explanation,
    );
  }

  /** @param {{ zoomed: boolean, recordings: Recording[], means: import("../core/payload.js").Means }} shown */
  draw({ zoomed, recordings, means }) {
    const { view } = this;
    MEANS.forEach(([name], i) => this.apart[i].draw(means.questions[name] ?? [], view[name]));
    this.tell.hidden = !means.questions.color;
    this.axis.check(view.axis);
    this.clock.check(view.clock);
    this.clock.node.hidden = view.axis !== "seconds";
    this.scale.check(view.scale);
    if (this.training.value !== view.training) this.training.value = view.training;
    this.noise.checked = view.noise;
    this.seeds.checked = view.seeds;
    this.single.hidden = !replicated(recordings);
    if (Number(this.smoothing.value) !== view.smoothing) this.smoothing.value = String(view.smoothing);
    this.smoothing.style.setProperty("--share", `${(view.smoothing / 0.95) * 100}%`);
    setText(this.weight, view.smoothing ? view.smoothing.toFixed(2) : "off");
    this.reset.hidden = !zoomed;
    const noise = explainUpdates(recordings, view);
    setAttribute(this.every, "data-hint", noise);
    const explained = [means.note, EXPLANATION[view.training], view.noise ? noise : ""];
    setText(this.explanation, explained.filter(Boolean).join(" "));
    setAttribute(this.node, "data-axis", view.axis);
  }
}

/** What has the colour, the dash or the panels: a list to choose from. */
class Chooser {
  #offered = "";

  /**
   * @param {string} title
   * @param {(value: string) => void} choose
   */
  constructor(title, choose) {
    this.select = element("select", { class: "bv-select", onchange: () => choose(this.select.value) });
    this.node = field(title, this.select, "");
  }

  /**
   * @param {import("../core/payload.js").Option[]} options
   * @param {string} chosen
   */
  draw(options, chosen) {
    const offered = JSON.stringify(options);
    if (offered !== this.#offered) {
      this.#offered = offered;
      this.select.replaceChildren(...options.map(([value, name]) => element("option", { value }, name)));
    }
    if (this.select.value !== chosen) this.select.value = chosen;
  }
}

/**
 * An object's entries, its keys of the type they have.
 * @template {string} Key
 * @template Value
 * @param {Record<Key, Value>} record
 */
function entries(record) {
  return /** @type {[Key, Value][]} */ (Object.entries(record));
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} title
 */
function field(label, control, title) {
  return element(
    "label",
    { class: "bv-field", "data-hint": title || null },
    element("span", { class: "bv-label" }, label),
    control,
  );
}
