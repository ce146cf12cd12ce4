// A live chart with its heading and its key; its note stands under the player.

import { Chart } from "../chart/chart.js";
import { heightFor } from "../chart/panels.js";
import { element, setAttribute, setText } from "../core/dom.js";
import { chartHeading, dashed, describe, floorsInWords, gapsInWords } from "./describe.js";
import { lineEnds, lineNames, pointCounts } from "./line-ends.js";
import { liveScene } from "./traces.js";

const DESCRIBE = 1000; // milliseconds between descriptions while a recording plays

/**
 * @typedef {import("./axes.js").Kind} Kind
 * @typedef {import("./axes.js").ChartState} ChartState
 */

export class LiveChart {
  /** @type {ChartState | null} */
  #drawn = null;
  /** @type {Map<string, string>} */
  #names = new Map();
  #described = 0;

  /**
   * @param {Kind} kind
   * @param {string} heading until the measure is known
   * @param {ConstructorParameters<typeof Chart>[0]} gestures
   */
  constructor(kind, heading, gestures) {
    this.kind = kind;
    this.chart = new Chart(gestures);
    this.heading = element("h2", { class: "bv-heading" }, heading);
    this.note = element("p", { class: "bv-note" });
    this.key = key();
    setAttribute(this.chart.picture, "aria-label", `${heading} chart, loading`);
    this.node = element(
      "section",
      { class: "bv-chart", "data-testid": `live-chart-${kind}` },
      element("div", { class: "bv-chart-top" }, this.heading, this.key),
      this.chart.frame,
    );
  }

  /**
   * Draw lines and axes; resolves when they are on the screen.
   * @param {import("../plotly.js").Plotly} plotly
   * @param {ChartState} shown
   * @param {{ width: number, height: number }} [size] of a chart that has no place on the page yet
   */
  async draw(plotly, shown, size = this.chart.size) {
    this.#names = lineNames(shown.recordings);
    // Every curve is drawn to its end: place() hides what lies beyond the playback's position.
    const scene = liveScene(this.kind, { ...shown, position: null });
    const { width } = size;
    const height = scene.panels.length > 1 ? `${heightFor(scene, width)}px` : "";
    this.node.style.setProperty("--bv-high", height);
    setAttribute(this.key, "data-pale", dashed(shown.recordings));
    const whole = height ? { width, height: Number.parseFloat(height) } : size;
    await this.chart.draw(plotly, scene, shown.theme, whole);
    setAttribute(this.node, "data-panels", scene.panels.length);
    this.#drawn = shown;
    this.chart.markRanges(this.node);
  }

  /**
   * Cut the lines at the playback's position and put the labels there. Returns how many points each run shows.
   * @param {ChartState} shown
   * @param {boolean} playing
   * @returns {Record<string, number>}
   */
  place(shown, playing) {
    const placed = this.#drawn && { ...this.#drawn, position: shown.position };
    // A description that changes with every frame would only be noise.
    if (!placed || !playing || performance.now() - this.#described > DESCRIBE)
      this.#describe(placed ?? shown);
    if (!placed) return {};
    this.chart.place(lineEnds(this.kind, placed, this.#names), placed.position);
    const points = pointCounts(this.kind, placed);
    setAttribute(this.node, "data-points", JSON.stringify(points));
    return points;
  }

  /** @param {ChartState} shown */
  #describe(shown) {
    this.#described = performance.now();
    setAttribute(this.chart.picture, "aria-label", describe(this.kind, shown));
    const heading = chartHeading(this.kind, shown);
    if (heading) setText(this.heading, heading);
    const gaps = this.kind === "loss" ? gapsInWords(shown) : "";
    setText(this.note, [floorsInWords(this.kind, shown), gaps].filter(Boolean).join(" "));
  }
}

/** Solid is training, dotted is validation (where dashes tell runs apart, pale and strong): the only legend there is. */
function key() {
  const sample = (/** @type {string} */ part) =>
    element("span", { class: "bv-key" }, element("span", { class: `bv-stroke bv-stroke-${part}` }), part);
  return element("span", { class: "bv-keys" }, sample("training"), sample("validation"));
}
