// A figure on the page: puts heading, Plotly's drawing, names, pointer list, buttons and table together.

import { element, mark, write } from "../core/dom.js";
import { onDoubleClick } from "../chart/double-click.js";
import { Ends } from "../chart/line-end-labels.js";
import { mounted } from "../core/mount-once.js";
import { loadPlotly } from "../chart/load-plotly.js";
import { readTheme } from "../chart/theme.js";
import { dressed, title } from "./apply-theme.js";
import { marks, room } from "./line-ends.js";
import { curves, panels, plain, resolved } from "./read-figure.js";
import { Hover } from "./tooltip.js";
import { arranged, grid } from "./panels.js";
import { savePicture } from "./export-image.js";
import { planes, shownRanges } from "./scales.js";
import { Table } from "./data-table.js";
import { named } from "./leader-lines.js";

const CONFIG = { displayModeBar: false, doubleClick: false, scrollZoom: false, showTips: false, responsive: false };
const MARGIN = { l: 46, t: 12, b: 44, r: 16 };
const TITLES = 26; // pixels over the planes for the titles of panels
const NARROW = 560; // pixels
const HEIGHT = { narrow: 330, wide: 430 };
const MOST_NAMES = 24; // more names at line ends than this are a wall of text: the list under the pointer has them
const PLOTLY_RETRY = 3000; // milliseconds

/** component.data = {figure, title, alt, note, caption, fileName}; base is the app's base address. */
export const mount = mounted((component, base) => new Chart(component, base));

class Chart {
  #plotly = null;
  #given = null; // what Streamlit sent last
  #received = "";
  #drawn = null; // what is on the screen: {figure, size, theme}
  #zoom = {}; // what the visitor zoomed into, by axis letter: kept while the axes mean the same
  #revision = null;
  #frame = null;
  #state = "";
  #drawing = false;

  constructor(component, base) {
    this.root = component.parentElement.querySelector(".batchviz-chart");
    this.heading = element("h2", { class: "bv-heading" });
    this.plot = element("div", { class: "bv-plot" });
    this.picture = element("div", { class: "bv-picture", role: "img" }, this.plot);
    this.overlay = element("div", { class: "bv-overlay", "aria-hidden": "true" });
    this.ends = new Ends({ onToggle: () => {}, onIsolate: () => {} });
    const button = (text, hint, act) => element("button", { type: "button", class: "bv-button", title: hint, onclick: act }, text);
    this.reset = button("Reset zoom", "Show everything again", () => this.#resetZoom());
    const save = (format) => button(format.toUpperCase(), `Save the chart as ${format.toUpperCase()}`, () => this.#save(format));
    this.note = element("p", { class: "bv-note" });
    this.table = new Table();
    this.root.replaceChildren(
      element("section", { class: "bv-stage bv-chart" },
        element("div", { class: "bv-chart-top" }, this.heading, this.reset),
        element("div", { class: "bv-frame" }, this.picture, this.ends.node, this.overlay),
        element("div", { class: "bv-foot" }, this.note, element("span", { class: "bv-save" }, save("png"), save("svg")))),
      this.table.node);
    this.reset.hidden = true;
    this.touch = matchMedia("(pointer: coarse)").matches;
    this.hover = new Hover(this.picture, this.overlay, () => this.#scene());
    onDoubleClick(this.picture, () => this.#resetZoom());
    this.observer = new ResizeObserver(() => this.#invalidate());
    this.observer.observe(this.picture);
    this.#load(base);
  }

  #load(base) {
    loadPlotly(base).then((plotly) => {
      this.#plotly = plotly;
      this.#invalidate();
    }, (error) => {
      console.warn("BatchViz: the drawing library did not arrive, trying again.", error);
      setTimeout(() => this.#load(base), PLOTLY_RETRY);
    });
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.observer.disconnect();
    this.hover.close();
    this.ends.close();
    if (this.#plotly && this.#drawn) this.#plotly.purge(this.plot);
  }

  /** New data or a new theme from Streamlit. */
  update({ data }) {
    this.theme = readTheme(this.root);
    const received = JSON.stringify(data.figure);
    if (received !== this.#received) {
      this.#received = received;
      mark(this.root, "data-received", performance.now());
    }
    this.#given = data;
    write(this.heading, data.title);
    write(this.note, data.note ?? "");
    mark(this.picture, "aria-label", data.alt);
    this.#invalidate();
  }

  #invalidate() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  async #draw() {
    const width = Math.floor(this.picture.clientWidth);
    if (!this.#given || !this.#plotly || !width) return;
    if (this.#drawing) return this.#invalidate();
    const state = `${width} ${this.theme.signature} ${JSON.stringify(this.#zoom)} ${this.#received}`;
    if (state === this.#state) return;
    this.#state = state;
    this.#drawing = true;
    const figure = resolved(this.#given.figure, this.theme.dark);
    const size = sized(figure, width);
    this.root.style.setProperty("--bv-high", `${size.height}px`);
    const { data, layout } = dressed({ ...figure, layout: arranged(figure.layout, size.grid, size.wide, size.high) }, { ...size, theme: this.theme, touch: this.touch });
    if (layout.uirevision !== this.#revision) this.#zoom = {};
    this.#revision = layout.uirevision;
    for (const panel of panels(layout)) for (const [axis, range] of Object.entries(this.#zoom)) Object.assign(layout[`${axis}axis${panel}`], { range });
    const first = !this.#drawn;
    try {
      await this.#plotly.react(this.plot, data, layout, CONFIG);
    } finally {
      this.#drawing = false;
    }
    this.#drawn = { figure, lines: curves(figure), size, theme: this.theme };
    if (first) this.#listen();
    this.reset.hidden = !Object.keys(this.#zoom).length;
    this.#place();
    this.hover.clear();
    this.table.draw(this.#drawn.lines, words(figure.layout));
    mark(this.root, "data-curves", this.#drawn.lines.length);
    mark(this.root, "data-traces", data.length);
    mark(this.root, "data-drawn", performance.now());
    return undefined;
  }

  /** Names and dots at the ends of the lines, where the axes are now. */
  #place() {
    const { lines, size, theme } = this.#drawn;
    const [plane, ...others] = planes(this.plot._fullLayout, size);
    const names = others.length || lines.length > MOST_NAMES ? [] : lines;
    this.ends.draw(marks(names, { ...plane, right: size.margin.r, theme, place: inside(plane) }), size.margin);
    const ranges = shownRanges(this.plot._fullLayout);
    mark(this.root, "data-x-range", ranges.xaxis.range.join(","));
    mark(this.root, "data-y-range", ranges.yaxis.range.join(","));
  }

  #listen() {
    this.plot.on("plotly_relayout", (change) => {
      for (const [name, value] of Object.entries(change)) {
        const [, axis, end] = name.match(/^([xy])axis\d*\.range\[([01])\]$/) ?? [];
        if (axis) this.#zoom = { ...this.#zoom, [axis]: Object.assign([...(this.#zoom[axis] ?? [])], { [end]: value }) };
      }
      mark(this.ends.node, "data-dragged", null);
      this.#invalidate();
    });
    this.plot.on("plotly_relayouting", () => mark(this.ends.node, "data-dragged", true));
  }

  #resetZoom() {
    this.#zoom = {};
    this.#invalidate();
  }

  #scene() {
    if (!this.#drawn) return null;
    const { figure, lines, size } = this.#drawn;
    return { curves: lines, panels: planes(this.plot._fullLayout, size), ...words(figure.layout) };
  }

  async #save(format) {
    if (!this.#drawn) return;
    const { figure, lines, theme } = this.#drawn;
    const ranges = shownRanges(this.plot._fullLayout);
    const drawn = (width, height) => {
      const size = sized(figure, width, height);
      const still = dressed({ ...figure, layout: arranged(figure.layout, size.grid, size.wide, size.high) }, { ...size, theme });
      for (const [axis, range] of Object.entries(ranges)) Object.assign(still.layout[axis], range);
      const [plane, ...others] = planes(still.layout, size);
      const { labels } = marks(others.length || lines.length > MOST_NAMES ? [] : lines, { ...plane, right: size.margin.r, theme, place: inside(plane) });
      still.layout.annotations.push(...named(labels, plane, ranges));
      return still;
    };
    const { title: heading, caption, note, fileName } = this.#given;
    await savePicture(this.#plotly, drawn, { title: heading, caption: `${caption} ${note}`.trim(), theme, format, fileName, ratio: panels(figure.layout).length > 1 ? 0.62 : 0.5 });
  }
}

/** Pixels of the plane rather than of the picture: what stands over the plane is placed from its corner. */
const inside = (plane) => (curve, i) => {
  const { left, top } = plane.place(curve.x[i], curve.y[i]);
  return Number.isFinite(left) && Number.isFinite(top) ? { left: left - plane.left, top: top - plane.top } : null;
};

/** What the picture measures: width, height, margin, the plane's wide and high, and the grid of its panels. */
function sized(figure, width, height = null) {
  const lines = curves(figure);
  const count = panels(figure.layout).length;
  const margin = { ...MARGIN, t: count > 1 ? TITLES : MARGIN.t, r: count > 1 || lines.length > MOST_NAMES ? MARGIN.r : Math.max(MARGIN.r, room(lines, width)) };
  const wide = width - margin.l - margin.r;
  const shape = grid(count, wide);
  const tall = height ?? (shape.high === null ? HEIGHT[width < NARROW ? "narrow" : "wide"] : shape.high + margin.t + margin.b);
  return { width, height: tall, margin, wide, high: tall - margin.t - margin.b, grid: shape };
}

function words({ xaxis, yaxis, meta }) {
  return { x: meta?.x ?? plain(title(xaxis?.title).text), y: meta?.y ?? plain(title(yaxis?.title).text) };
}
