// A run that was looked into: its panels side by side, moment by moment.

import { element, setAttribute, setText } from "../core/dom.js";
import * as format from "../core/format.js";
import { mountOnce } from "../core/mount-once.js";
import { Stepper } from "../core/stepper.js";
import { lookOf } from "./drawing.js";
import { arrowsAt, arrowsSentence, place, sentence } from "./frames.js";
import { drawArrows, drawBoundary, drawSurface } from "./panels.js";

/**
 * @typedef {import("./frames.js").Inspection} Inspection
 * @typedef {object} Panel
 * @property {string} title
 * @property {(inspection: Inspection, frame: number, look: import("./drawing.js").Look) => string} told under the picture
 * @property {import("./panels.js").Draw} draw
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} caption
 */

export const mount = mountOnce((/** @type {any} */ component) => new InspectionPicture(component));

class InspectionPicture {
  /** @type {Inspection | null} */
  #inspection = null;
  /** @type {Panel[]} */
  #panels = [];
  #received = "";
  #frame = 0;

  /** @param {{ parentElement: HTMLElement }} component */
  constructor({ parentElement }) {
    this.root = /** @type {HTMLElement} */ (parentElement.querySelector(".batchviz-inspection"));
    this.told = element("p", { class: "br-told", "aria-live": "polite" });
    this.panels = element("div", { class: "br-panels" });
    this.stepper = new Stepper(
      { back: "Moment back", next: "Next moment", slider: "Moment of the run" },
      (frame, playing) => this.#draw(frame, playing),
    );
    this.root.replaceChildren(this.told, this.stepper.element, this.panels);
    this.theme = new MutationObserver(() => this.#paint());
    const app = document.querySelector("[data-testid=stApp]");
    if (app) this.theme.observe(app, { attributes: true });
  }

  /** @param {{ data: Inspection }} component */
  update({ data: inspection }) {
    const received = JSON.stringify(inspection);
    if (received === this.#received) {
      this.#paint();
      return;
    }
    this.#received = received;
    this.#inspection = inspection;
    this.#panels = panelsOf(inspection);
    this.panels.replaceChildren(
      ...this.#panels.map(({ title, canvas, caption }) =>
        element("figure", {}, element("h4", {}, title), canvas, caption),
      ),
    );
    this.stepper.start(inspection.updates.length - 1);
  }

  close() {
    this.stepper.pause();
    this.theme.disconnect();
  }

  /**
   * @param {number} frame
   * @param {boolean} playing
   */
  #draw(frame, playing) {
    if (!this.#inspection) return "";
    this.#frame = frame;
    // Every moment read aloud would be more than anybody can follow.
    setAttribute(this.told, "aria-live", playing ? "off" : "polite");
    setText(this.told, sentence(this.#inspection, frame));
    this.#paint();
    return place(this.#inspection, frame);
  }

  #paint() {
    const inspection = this.#inspection;
    if (!inspection) return;
    const look = lookOf(this.root);
    for (const { draw, canvas, caption, told, title } of this.#panels) {
      draw(canvas, inspection, this.#frame, look);
      const words = told(inspection, this.#frame, look);
      setText(caption, words);
      setAttribute(canvas, "aria-label", `${title}. ${words}`);
    }
  }
}

/**
 * @param {Inspection} inspection
 * @returns {Panel[]}
 */
function panelsOf(inspection) {
  /** @type {[boolean, string, Panel["told"], Panel["draw"]][]} */
  const kinds = [
    [Boolean(inspection.surface), "Path on the loss of two weights", surfaceTold, drawSurface],
    [Boolean(inspection.boundary), "Boundary between the classes", boundaryTold, drawBoundary],
    [
      Boolean(inspection.arrows),
      "Gradients of batches",
      ({ arrows }, frame) => (arrows ? arrowsSentence(inspection, arrowsAt(arrows, frame)) : ""),
      drawArrows,
    ],
  ];
  return kinds
    .filter(([there]) => there)
    .map(([, title, told, draw]) => ({
      title,
      told,
      draw,
      canvas: element("canvas", { role: "img" }),
      caption: element("figcaption"),
    }));
}

/** @type {Panel["told"]} */
function surfaceTold({ surface }, _, { dark }) {
  if (!surface) return "";
  const { low, high, loss } = surface;
  const range = (/** @type {number} */ axis) => `${format.number(low[axis])} to ${format.number(high[axis])}`;
  return (
    `Across the weight, ${range(0)}; up the bias, ${range(1)}. Measured at ${format.quantity(loss.length)} places: ` +
    `the ${dark ? "lighter" : "darker"}, the higher, ${format.number(Math.min(...loss))} to ${format.number(Math.max(...loss))}, ` +
    "a band a factor. The ring is the start."
  );
}

/** @type {Panel["told"]} */
function boundaryTold({ boundary }) {
  if (!boundary) return "";
  const { low, high, points } = boundary;
  const range = (/** @type {number} */ axis) => `${format.number(low[axis])} to ${format.number(high[axis])}`;
  const dots = points.length
    ? ` The dots are ${format.quantity(points.length)} training rows.`
    : " The rows of uploaded data are not drawn: whoever has the link sees this.";
  return `Across the first input, ${range(0)}; up the second, ${range(1)}: the class that the network names there.${dots}`;
}
