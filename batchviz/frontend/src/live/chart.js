// One chart on the page: heading, key, Plotly's drawing, and the gestures on it.

import { heading, measureNames } from "../core/units.js";
import { element, mark, write } from "../core/dom.js";
import { onDoubleClick } from "../chart/double-click.js";
import { Ends } from "../chart/line-end-labels.js";
import { figure, marginFor } from "./traces.js";
import { marks } from "./line-ends.js";
import { lineNames } from "./line-names.js";
import { xRange, yRange } from "../chart/ranges.js";
import { describe, floorsInWords } from "./describe.js";

const DESCRIBE = 1000; // milliseconds between descriptions while a recording plays
const CONFIG = { displayModeBar: false, doubleClick: false, scrollZoom: false, showTips: false, responsive: false };

export class Chart {
  #plotly = null;
  size = { width: 0, height: 0 }; // of the picture, in pixels; zero until the page has been laid out
  #drawn = null;
  #described = 0;

  /**
   * @param {"loss"|"metric"} kind
   * @param {{onZoom: (zoom: object|null) => void, onToggle: (ids: string[]) => void,
   *   onIsolate: (ids: string[]) => void, onResize: () => void}} gestures
   */
  constructor(kind, heading, gestures) {
    this.kind = kind;
    this.gestures = gestures;
    this.title = element("h2", { class: "bv-heading" }, heading);
    this.plot = element("div", { class: "bv-plot" });
    this.picture = element("div", { class: "bv-picture", role: "img", "aria-label": `${heading} chart, loading` }, this.plot);
    this.ends = new Ends(gestures);
    this.overlay = element("div", { class: "bv-overlay", "aria-hidden": "true" });
    this.note = element("p", { class: "bv-note" });
    this.node = element("section", { class: "bv-chart", "data-testid": `live-chart-${kind}` },
      element("div", { class: "bv-chart-top" }, this.title, key()),
      element("div", { class: "bv-frame" }, this.picture, this.ends.node, this.overlay),
      this.note);
    onDoubleClick(this.picture, () => this.gestures.onZoom(null));
    this.observer = new ResizeObserver(() => this.#measure());
    this.observer.observe(this.picture);
  }

  close() {
    this.observer.disconnect();
    this.ends.close();
    if (this.#plotly) this.#plotly.purge(this.plot);
  }

  #measure() {
    const width = Math.floor(this.picture.clientWidth);
    const height = Math.floor(this.picture.clientHeight);
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.gestures.onResize();
  }

  /** The scene of this chart: everything that figure() needs. */
  scene(shown, size = this.size) {
    const { recordings, view, position, theme, zoom, touch } = shown;
    const names = lineNames(recordings);
    return {
      recordings, kind: this.kind, view, position, theme, touch, names, ...size, margin: marginFor(names, recordings, size.width),
      x: zoom?.x ?? xRange(recordings, view.axis),
      y: zoom?.[this.kind] ?? yRange(recordings, this.kind, view),
    };
  }

  /** Draw lines and axes with Plotly; resolves when they are on the screen. Slow: only when they changed. */
  async draw(plotly, shown) {
    if (!plotly || !this.size.width) return;
    const scene = this.scene(shown);
    // Every curve is drawn to its end: place() hides what lies beyond the playback's position.
    const { data, layout } = figure({ ...scene, position: null });
    const first = !this.#plotly;
    this.#plotly = plotly;
    await plotly.react(this.plot, data, layout, CONFIG);
    if (first) this.#listen();
    mark(this.node, "data-x-range", scene.x.join(","));
    mark(this.node, "data-y-range", scene.y.join(","));
    this.#drawn = scene;
  }

  /** Cut the lines at the playback's position and put the ends there. Fast: on every frame. Returns points by run. */
  place(shown, playing) {
    if (!this.#drawn) {
      this.#describe(this.scene(shown));
      return {};
    }
    const scene = { ...this.#drawn, position: shown.position };
    const { wide, dots, labels, points } = marks(scene);
    const window = this.plot.querySelector('clipPath[id$="xyplot"] rect');
    const share = shown.position === null ? 1 : (shown.position - scene.x[0]) / (scene.x[1] - scene.x[0]);
    if (window) mark(window, "width", Math.max(0, Math.min(1, share)) * wide);
    this.ends.draw({ dots, labels }, scene.margin);
    mark(this.node, "data-points", JSON.stringify(points));
    // A description that changes with every frame would only be noise.
    if (!playing || performance.now() - this.#described > DESCRIBE) this.#describe(scene);
    return points;
  }

  #describe(scene) {
    this.#described = performance.now();
    mark(this.picture, "aria-label", describe(scene));
    const measures = measureNames(scene.recordings, this.kind).map(heading).join(" and ");
    if (measures) write(this.title, this.kind === "loss" ? `Loss: ${measures.toLowerCase()}` : measures);
    write(this.note, floorsInWords(scene));
  }

  #listen() {
    this.plot.on("plotly_relayout", (change) => {
      const range = (axis) => (`${axis}.range[0]` in change ? [change[`${axis}.range[0]`], change[`${axis}.range[1]`]] : null);
      const x = range("xaxis");
      const y = range("yaxis");
      if (x || y) this.gestures.onZoom({ ...(x && { x }), ...(y && { [this.kind]: y }) });
    });
    this.plot.on("plotly_relayouting", () => mark(this.ends.node, "data-dragged", true));
    this.plot.on("plotly_relayout", () => mark(this.ends.node, "data-dragged", null));
  }

  /** The x (in axis units) under a pointer, null outside the plane. */
  xAt(clientX, clientY) {
    if (!this.#drawn) return null;
    const box = this.picture.getBoundingClientRect();
    const { width, height, margin, x } = this.#drawn;
    const wide = width - margin.l - margin.r;
    const left = clientX - box.left - margin.l;
    const top = clientY - box.top - margin.t;
    if (left < -4 || left > wide + 4 || top < 0 || top > height - margin.t - margin.b) return null;
    return x[0] + (left / wide) * (x[1] - x[0]);
  }

  /** Pixels inside the picture for a point in axis units; null when it is outside the plane. */
  pixel(x, y) {
    const { width, height, margin, x: xs, y: ys, view } = this.#drawn;
    const left = (x - xs[0]) / (xs[1] - xs[0]);
    const up = ((view.scale === "log" ? Math.log10(y) : y) - ys[0]) / (ys[1] - ys[0]);
    if (!(left >= -0.001 && left <= 1.001)) return null;
    return {
      left: margin.l + left * (width - margin.l - margin.r),
      top: up >= 0 && up <= 1 ? margin.t + (1 - up) * (height - margin.t - margin.b) : null,
    };
  }
}

/** Solid is training, dotted is validation: the only legend there is. */
function key() {
  const sample = (kind, text) => element("span", { class: "bv-key" }, element("span", { class: `bv-stroke bv-stroke-${kind}` }), text);
  return element("span", { class: "bv-keys" }, sample("solid", "training"), sample("dotted", "validation"));
}
