// A figure on the page: the chart with its heading, its note, buttons for pictures, and its table.

import { Chart } from "../chart/chart.js";
import { DataTable } from "../chart/data-table.js";
import { exportImage } from "../chart/export-image.js";
import { loadPlotly } from "../chart/load-plotly.js";
import { heightFor } from "../chart/panels.js";
import { zoomed } from "../chart/scene.js";
import { readTheme } from "../chart/theme.js";
import { Tooltip } from "../chart/tooltip.js";
import { element, setAttribute, setText } from "../core/dom.js";
import { showHints } from "../core/hints.js";
import { mountOnce } from "../core/mount-once.js";
import { curvesAsCsv, curveTables } from "./curve-table.js";
import { followLinks } from "./point-links.js";
import { readFigure } from "./read-figure.js";

const AROUND = 420; // pixels that a presenter's screen needs over and under a chart
const LEAST = 180;
const IMAGE = { width: 1200, single: 600, panels: 744 }; // pixels

/**
 * @typedef {object} FigureData what Streamlit sends
 * @property {import("./read-figure.js").Figure} figure
 * @property {string} title
 * @property {string} alt
 * @property {string} [note]
 * @property {string} [caption]
 * @property {string} [fileName]
 * @property {boolean} [csv] whether the numbers are offered as a file
 */

/** component.data is a FigureData; base is the app's base address. */
showHints();

export const mount = mountOnce(
  (/** @type {any} */ component, /** @type {URL} */ base) => new FigureChart(component, base),
);

class FigureChart {
  /** @type {import("../plotly.js").Plotly | null} */
  #plotly = null;
  /** @type {FigureData | null} */
  #data = null;
  /** @type {import("../chart/theme.js").Theme | null} */
  #theme = null;
  #received = "";
  /** @type {import("../chart/chart.js").Zoom} */
  #zoom = {}; // what the visitor zoomed into: kept while the axes mean the same
  /** @type {unknown} */
  #revision = null;
  /** @type {number | null} */
  #frame = null;
  #state = "";
  #drawing = false;

  /**
   * @param {{parentElement: HTMLElement}} component
   * @param {URL} base
   */
  constructor({ parentElement }, base) {
    this.base = base;
    this.root = /** @type {HTMLElement} */ (parentElement.querySelector(".batchviz-chart"));
    this.heading = element("h2", { class: "bv-heading" });
    this.chart = new Chart({ onZoom: (zoom) => this.#setZoom(zoom), onResize: () => this.#invalidate() });
    this.tooltip = new Tooltip([this.chart]);
    const button = (/** @type {string} */ text, /** @type {string} */ hint, /** @type {() => void} */ act) =>
      element("button", { type: "button", class: "bv-button", "data-hint": hint, onclick: act }, text);
    const save = (/** @type {"png" | "svg"} */ format) =>
      button(
        format.toUpperCase(),
        `Save the chart as ${format.toUpperCase()}. It shows what is on the screen now, with its heading.`,
        () => this.#save(format),
      );
    this.reset = button(
      "Reset zoom",
      "Show the whole curves again. A double click on the chart does the same.",
      () => this.#setZoom(null),
    );
    this.reset.hidden = true;
    this.csv = button("CSV", "Save the numbers as CSV", () => this.#saveNumbers());
    this.note = element("p", { class: "bv-note" });
    this.table = new DataTable({ testId: "chart-table", choose: "Curve", about: "Numbers of a curve" });
    this.root.replaceChildren(
      element(
        "section",
        { class: "bv-stage bv-chart" },
        element("div", { class: "bv-chart-top" }, this.heading, this.reset),
        this.chart.frame,
        element(
          "div",
          { class: "bv-foot" },
          this.note,
          element("span", { class: "bv-save" }, this.csv, save("png"), save("svg")),
        ),
      ),
      this.table.node,
    );
    followLinks(this.chart, base);
    loadPlotly(base).then((plotly) => {
      this.#plotly = plotly;
      this.#invalidate();
    });
  }

  close() {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.tooltip.close();
    this.chart.close();
  }

  /**
   * New data or a new theme from Streamlit.
   * @param {{data: FigureData}} component
   */
  update({ data }) {
    this.#theme = readTheme(this.root);
    const received = JSON.stringify(data.figure);
    if (received !== this.#received) {
      this.#received = received;
      setAttribute(this.root, "data-received", performance.now());
    }
    this.#data = data;
    setText(this.heading, data.title);
    this.csv.hidden = !data.csv;
    setText(this.note, data.note ?? "");
    setAttribute(this.chart.picture, "aria-label", data.alt);
    this.#invalidate();
  }

  #invalidate() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  async #draw() {
    const width = Math.floor(this.chart.picture.clientWidth);
    if (!this.#data || !this.#theme || !this.#plotly || !width) return;
    if (this.#drawing) return this.#invalidate();
    const { figure } = this.#data;
    const revision = figure.layout.uirevision ?? "kept";
    if (revision !== this.#revision) this.#zoom = {};
    this.#revision = revision;
    const state = `${width} ${this.#theme.signature} ${JSON.stringify(this.#zoom)} ${this.#received}`;
    if (state === this.#state) return;
    this.#state = state;
    const scene = zoomed(readFigure(figure, this.#theme.dark), this.#zoom);
    const enlarged = Number(getComputedStyle(this.root).getPropertyValue("--bv-scale")) || 1;
    const most = enlarged > 1 && scene.panels.length < 2 ? (innerHeight - AROUND) / enlarged : Infinity;
    const height = Math.min(heightFor(scene, width), Math.max(LEAST, most));
    this.root.style.setProperty("--bv-high", `${height}px`);
    this.#drawing = true;
    try {
      await this.chart.draw(this.#plotly, scene, this.#theme, { width, height });
    } finally {
      this.#drawing = false;
    }
    this.chart.place(scene.ends, null);
    this.chart.markRanges(this.root);
    this.reset.hidden = !Object.keys(this.#zoom).length;
    this.tooltip.clear();
    this.table.draw(() => curveTables(scene, this.base), this.#received);
    setAttribute(this.root, "data-curves", scene.curves.length);
    setAttribute(this.root, "data-traces", scene.traces.length);
    setAttribute(this.root, "data-drawn", performance.now());
    return undefined;
  }

  /** @param {import("../chart/chart.js").Zoom | null} zoom */
  #setZoom(zoom) {
    // Panels with axes of their own share x alone.
    const shared = zoom && this.chart.drawn?.scene.linked === false ? { x: zoom.x } : zoom;
    this.#zoom = shared ? { ...this.#zoom, ...shared } : {};
    this.#invalidate();
  }

  /** Save the numbers of all curves. */
  #saveNumbers() {
    if (!this.chart.drawn || !this.#data) return;
    const file = new Blob([curvesAsCsv(this.chart.drawn.scene)], { type: "text/csv" });
    const href = URL.createObjectURL(file);
    const name = `${this.#data.fileName ?? "batchviz"}.csv`;
    /** @type {HTMLAnchorElement} */ (element("a", { href, download: name })).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  /**
   * Save what the chart shows now, at the size of a slide.
   * @param {"png" | "svg"} format
   */
  async #save(format) {
    const { drawn } = this.chart;
    if (!drawn || !this.#data || !this.#plotly) return;
    const { title, caption = "", note = "", fileName = "batchviz" } = this.#data;
    await exportImage(this.#plotly, drawn.scene, drawn.theme, {
      width: IMAGE.width,
      height: drawn.scene.panels.length > 1 ? IMAGE.panels : IMAGE.single,
      format,
      headings: [title],
      caption: `${caption} ${note}`.trim(),
      fileName,
    });
  }
}
