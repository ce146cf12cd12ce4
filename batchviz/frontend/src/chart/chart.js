// One chart on the page: Plotly's drawing of a scene, what stands over it, and the gestures on it.

import { element, setAttribute } from "../core/dom.js";
import { layOutEnds } from "./label-layout.js";
import { LineEndLabels } from "./line-end-labels.js";
import { arrange } from "./panels.js";
import { CONFIG, plotlyFigure } from "./plotly-figure.js";
import { planes, scaled } from "./scales.js";

const STILL = 6; // pixels between press and release that are no drag

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./scene.js").Range} Range
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("../plotly.js").Plotly} Plotly
 * @typedef {import("../plotly.js").PlotlyElement} PlotlyElement
 * @typedef {{x?: Range, y?: Range}} Zoom
 * @typedef {object} Drawn what is on the screen
 * @property {Scene} scene
 * @property {import("./scales.js").Plane[]} planes
 * @property {Theme} theme
 * @property {number | null} until where the lines are cut, null for nowhere
 */

export class Chart {
  /** @type {Plotly | null} */
  #plotly = null;
  /** @type {Drawn | null} */
  drawn = null;
  size = { width: 0, height: 0 }; // of the picture, in pixels; zero until the page has been laid out

  /**
   * @param {{onZoom: (zoom: Zoom | null) => void, onResize: () => void} & Partial<import("./line-end-labels.js").LabelGestures>} gestures
   */
  constructor({ onZoom, onResize, onToggle = () => {}, onIsolate = () => {} }) {
    this.onZoom = onZoom;
    this.onResize = onResize;
    this.plot = element("div", { class: "bv-plot" });
    this.picture = element("div", { class: "bv-picture", role: "img" }, this.plot);
    this.labels = new LineEndLabels({ onToggle, onIsolate });
    this.overlay = element("div", { class: "bv-overlay", "aria-hidden": "true" });
    this.frame = element("div", { class: "bv-frame" }, this.picture, this.labels.node, this.overlay);
    this.touch = matchMedia("(pointer: coarse)").matches;
    onDoubleClick(this.picture, () => this.onZoom(null));
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this.picture);
  }

  close() {
    this.observer.disconnect();
    this.labels.close();
    if (this.#plotly) this.#plotly.purge(this.plot);
  }

  /** Take in how large the page has made it. */
  measure() {
    const width = Math.floor(this.picture.clientWidth);
    const height = Math.floor(this.picture.clientHeight);
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.onResize();
  }

  /**
   * Draw lines and axes with Plotly; resolves when they are on the screen. Slow: only when they changed.
   * @param {Plotly} plotly
   * @param {Scene} scene
   * @param {Theme} theme
   * @param {{width: number, height: number}} [size]
   */
  async draw(plotly, scene, theme, size = this.size) {
    const arrangement = arrange(scene, size);
    const { data, layout } = plotlyFigure(scene, arrangement, theme, { touch: this.touch });
    const first = !this.#plotly;
    this.#plotly = plotly;
    await plotly.react(this.plot, data, layout, CONFIG);
    if (first) this.#listen();
    this.drawn = { scene, planes: planes(scene, arrangement), theme, until: null };
  }

  /**
   * Cut the lines at `until` and put labels at their ends. Fast: on every frame.
   * @param {Scene["ends"]} ends
   * @param {number | null} until a value of the x-axis, null for everything
   */
  place(ends, until) {
    if (!this.drawn) return;
    this.drawn.until = until;
    const { scene, planes: shown, theme } = this.drawn;
    const [from, to] = scene.panels[0].x.range;
    const share = until === null ? 1 : (scaled(scene.panels[0].x, until) - from) / (to - from);
    // Panels have one x-axis and one width.
    for (const clip of this.plot.querySelectorAll('clipPath[id^="clip"][id$="plot"] rect'))
      setAttribute(clip, "width", Math.max(0, Math.min(1, share)) * shown[0].wide);
    this.labels.draw(layOutEnds({ ...scene, ends }, shown, theme));
  }

  /**
   * Say on `node` what the axes show, for tests and whoever else looks.
   * @param {HTMLElement} node
   */
  markRanges(node) {
    if (!this.drawn) return;
    const [{ x, y }] = this.drawn.scene.panels;
    setAttribute(node, "data-x-range", x.range.join(","));
    setAttribute(node, "data-y-range", y.range.join(","));
  }

  #listen() {
    const plot = /** @type {PlotlyElement} */ (this.plot);
    plot.on("plotly_relayouting", () => setAttribute(this.labels.node, "data-dragged", true));
    plot.on("plotly_relayout", (change) => {
      setAttribute(this.labels.node, "data-dragged", null);
      /** @type {Zoom} */
      const zoom = {};
      for (const [name, value] of Object.entries(change)) {
        const [, letter, end] = name.match(/^([xy])axis\d*\.range\[([01])\]$/) ?? [];
        if (!letter || !this.drawn) continue;
        const axis = /** @type {"x" | "y"} */ (letter);
        const range = (zoom[axis] ??= /** @type {Range} */ ([...this.drawn.scene.panels[0][axis].range]));
        range[Number(end)] = value;
      }
      if (zoom.x || zoom.y) this.onZoom(zoom);
    });
  }
}

/**
 * Draw once where nobody sees it, while there is time: the first drawing compiles what the others only run.
 * @param {Plotly} plotly
 * @param {Scene} scene
 * @param {Theme} theme
 */
export async function rehearse(plotly, scene, theme) {
  const hidden = element("div", {
    style: "position: fixed; left: -9999px; visibility: hidden",
    "aria-hidden": "true",
  });
  document.body.append(hidden);
  const { layout } = plotlyFigure(scene, arrange(scene, { width: 400, height: 300 }), theme);
  await plotly.react(hidden, [{ mode: "lines", x: [0, 1], y: [0, 1] }], layout, CONFIG).catch(() => {});
  plotly.purge(hidden);
  hidden.remove();
}

/**
 * Call `act` after each double click on `node`. Plotly counts clicks by the time it gets round to them, and so misses
 * every double click of a busy machine; the browser counts by the time of the input. Its own dblclick event never
 * comes: Plotly covers the page while the button is down, so press and release meet different elements.
 * @param {HTMLElement} node
 * @param {() => void} act
 */
function onDoubleClick(node, act) {
  node.addEventListener(
    "mousedown",
    (down) => {
      if (down.detail !== 2) return;
      window.addEventListener(
        "mouseup",
        (up) => {
          if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) < STILL) act();
        },
        { once: true, capture: true },
      );
    },
    { capture: true },
  );
}
