// The two charts of the live page: when they are drawn, what they share, and the picture of both.

import { rehearse } from "../chart/chart.js";
import { exportImage } from "../chart/export-image.js";
import { loadPlotly } from "../chart/load-plotly.js";
import { sideBySide } from "../chart/scene.js";
import { Tooltip } from "../chart/tooltip.js";
import { element, setAttribute } from "../core/dom.js";
import { LiveChart } from "./chart.js";
import { imageCaption } from "./describe.js";
import { liveScene } from "./traces.js";

const IMAGE = { width: 1360, single: 420, panels: 840 }; // pixels, of both charts
const [NARROW, HIGH] = [300, 300]; // pixels, of a chart that has no place on the page yet: near enough
const NAMED_RUNS = 6; // in the name of a picture's file

/**
 * @typedef {import("./axes.js").ChartState} ChartState
 * @typedef {import("./axes.js").LiveZoom} LiveZoom
 * @typedef {object} ChartsOwner
 * @property {() => ChartState} shown
 * @property {() => void} invalidate asks for a call of draw() on the next frame
 * @property {(ids: string[]) => void} onToggle
 * @property {(ids: string[]) => void} onIsolate
 */

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const whenIdle = window.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 200)); // Safari has none

export class Charts {
  /** @type {import("../plotly.js").Plotly | null} */
  #plotly = null;
  #drawing = false;
  #drawn = "";
  /** @type {LiveZoom | null} */
  zoom = null;

  /** @type {Set<string>} */
  #announced = new Set();

  /**
   * @param {HTMLElement} root of the component
   * @param {ChartsOwner} owner
   */
  constructor(root, owner) {
    this.root = root;
    this.owner = owner;
    this.charts = [this.#chart("loss", "Loss"), this.#chart("metric", "Metric")];
    this.tooltip = new Tooltip(this.charts.map(({ chart }) => chart));
    this.node = element("div", { class: "bv-charts" }, ...this.charts.map(({ node }) => node));
    this.notes = element("div", { class: "bv-notes" }, ...this.charts.map(({ note }) => note));
  }

  /**
   * @param {import("./axes.js").Kind} kind
   * @param {string} heading
   */
  #chart(kind, heading) {
    const { onToggle, onIsolate, invalidate } = this.owner;
    return new LiveChart(kind, heading, {
      // x is the same in both charts, y each chart's own
      onZoom: (zoom) =>
        this.setZoom(
          zoom && { ...this.zoom, ...(zoom.x && { x: zoom.x }), ...(zoom.y && { [kind]: zoom.y }) },
        ),
      onResize: invalidate,
      onToggle,
      onIsolate,
    });
  }

  /**
   * @param {URL | string} base the app's address
   * @param {() => boolean} idle there is nothing to draw yet
   */
  load(base, idle) {
    // A page without runs is there first: evaluating the library takes longer than drawing that page.
    if (idle()) requestAnimationFrame(() => whenIdle(() => this.#begin(base, idle)));
    else this.#begin(base, idle);
  }

  /**
   * @param {URL | string} base
   * @param {() => boolean} idle
   */
  #begin(base, idle) {
    loadPlotly(base).then((plotly) => {
      this.#plotly = plotly;
      this.owner.invalidate();
      whenIdle(() => {
        const shown = this.owner.shown();
        if (idle()) rehearse(plotly, liveScene("loss", shown), shown.theme).then(() => this.#prepare());
      });
    });
  }

  close() {
    this.tooltip.close();
    for (const { chart } of this.charts) chart.close();
  }

  /** @param {LiveZoom | null} zoom */
  setZoom(zoom) {
    this.zoom = zoom;
    this.owner.invalidate();
  }

  /** Something has been drawn before. */
  get begun() {
    return this.#drawn !== "";
  }

  /** Draw the axes while the charts are not on the page yet: the first points then need only be put in. */
  async #prepare() {
    if (this.#drawing || !this.#plotly || this.begun) return;
    this.#drawing = true;
    const size = { width: Math.max(NARROW, Math.floor(this.root.clientWidth / 2)), height: HIGH };
    for (const chart of this.charts) await chart.draw(this.#plotly, this.owner.shown(), size).catch(() => {});
    this.#drawing = false;
  }

  /**
   * Lines and axes when they changed, then what moves with the clock.
   * @param {boolean} playing
   */
  async draw(playing) {
    if (this.#drawing) return this.owner.invalidate();
    // The page has just made room for them: the observer would tell of it a frame later.
    if (!this.begun) for (const { chart } of this.charts) chart.measure();
    const shown = this.owner.shown();
    const { view } = shown;
    const state = JSON.stringify([
      shown.recordings.map((run) => [run.id, run.revision]),
      this.zoom,
      shown.theme.signature,
      Boolean(this.#plotly),
      view.axis,
      view.clock,
      view.scale,
      view.training,
      view.noise,
      view.seeds,
      view.smoothing,
      this.charts.map(({ chart }) => chart.size),
    ]);
    if (state === this.#drawn) {
      for (const chart of this.charts) this.#place(chart, playing);
      return undefined;
    }
    this.#drawn = state;
    this.#drawing = true;
    try {
      await this.#drawLines(shown, playing);
    } finally {
      this.#drawing = false;
    }
    return undefined;
  }

  /**
   * One chart a frame: the first is on the screen while the second is drawn, and a press in between is heard.
   * @param {ChartState} shown
   * @param {boolean} playing
   */
  async #drawLines(shown, playing) {
    for (const [i, chart] of this.charts.entries()) {
      if (i) await nextFrame();
      if (!this.node.isConnected) return; // gone to another page meanwhile
      if (this.#plotly && chart.chart.size.width) await chart.draw(this.#plotly, shown);
      this.#place(chart, playing);
    }
  }

  /**
   * @param {LiveChart} chart
   * @param {boolean} playing
   */
  #place(chart, playing) {
    const points = chart.place(this.owner.shown(), playing);
    if (chart.kind === "loss") this.#announce(points);
  }

  /**
   * Tell whoever measures that the first point of a run is on the screen.
   * @param {Record<string, number>} points by run
   */
  #announce(points) {
    for (const [id, count] of Object.entries(points)) {
      if (!count || this.#announced.has(id)) continue;
      this.#announced.add(id);
      const at = performance.now();
      setAttribute(this.root, "data-first-point", at);
      setAttribute(this.root, "data-first-point-run", id);
      this.root.dispatchEvent(new CustomEvent("batchviz:first-point", { bubbles: true, detail: { id, at } }));
    }
  }

  /**
   * Save both charts as they are now, in one picture.
   * @param {"png" | "svg"} format
   * @param {string} sentence
   */
  async save(format, sentence) {
    if (!this.#plotly) return;
    const shown = this.owner.shown();
    const sizes = [...new Set(shown.recordings.map((run) => run.about.batch_size))].slice(0, NAMED_RUNS);
    const [headings, scenes] = [
      this.charts.map(({ heading }) => heading.textContent ?? ""),
      this.charts.map(({ kind }) => liveScene(kind, shown)),
    ];
    const apart = scenes[0].panels.length > 1;
    await exportImage(
      this.#plotly,
      sideBySide(apart ? scenes.map((scene, i) => named(scene, headings[i])) : scenes),
      shown.theme,
      {
        width: IMAGE.width,
        height: apart ? IMAGE.panels : IMAGE.single,
        format,
        headings: apart ? [] : headings,
        caption: imageCaption(shown, sentence),
        fileName: `batchviz-${sizes.join("-")}-by-${shown.view.axis}`,
      },
    );
  }
}

/**
 * A scene whose panels say what they measure, beside panels of another measure.
 * @param {import("../chart/scene.js").Scene} scene
 * @param {string} measure
 */
function named(scene, measure) {
  const panels = scene.panels.map((panel) => ({ ...panel, heading: `${panel.heading}: ${measure}` }));
  return { ...scene, panels };
}
