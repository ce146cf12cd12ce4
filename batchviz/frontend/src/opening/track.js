// A recorded race as a picture that moves: one panel of lines, each with its name at its head. Light enough to play
// before anything else of the page is there; the charts of the page need Plotly, this does not.

import { spread } from "../chart/label-layout.js";
import { interpolate, upperBound } from "../core/columns.js";
import { setAttribute } from "../core/dom.js";
import * as format from "../core/format.js";

const NARROW = 560; // pixels, below which labels do without the updates
const ROW = 18; // of labels
const EDGES = { top: 8, bottom: 30, left: 46 };
const VALUE = { wide: 92, narrow: 84 }; // where the values end in the labels
const LETTER = 6.6; // of a name, which moves the values where it is long
const COUNT = { wide: 114, narrow: 14 }; // behind the values, for the updates
const GAP = 10; // between a head and its label
const EPOCH_TICKS = { wide: 5, narrow: 2 };

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {{light: string, dark: string}} color
 * @property {number[]} updates made at each x
 * @property {number[]} x epochs or updates, rising
 * @property {number[]} y shares of right answers, or losses
 * @typedef {object} Race what frontend/track.py says
 * @property {"epoch" | "update"} unit of x
 * @property {number} end of the longest line
 * @property {number[]} ticks of y, from the lowest that is drawn to the highest
 * @property {boolean} shares whether y is told in per cent
 * @property {Line[]} lines
 * @typedef {{line: Line, path: SVGElement, dot: SVGElement, name: SVGElement, value: SVGElement, updates: SVGElement}} Drawn
 */

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function svg(tag, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, setting] of Object.entries(attributes)) node.setAttribute(name, String(setting));
  return node;
}

export class Track {
  #root;
  #race;
  /** @type {Drawn[]} */
  #drawn;
  #position = 0;
  #size = { width: 0, height: 0, right: 0, value: 0 };
  #grid = svg("g");

  /**
   * @param {SVGSVGElement} root
   * @param {Race} race
   */
  constructor(root, race) {
    this.#root = root;
    this.#race = race;
    this.#drawn = race.lines.map((line) => ({
      line,
      path: svg("path", { class: "batchviz-line" }),
      dot: svg("circle", { r: 4.5 }),
      name: svg("text", { class: "batchviz-of" }),
      value: svg("text", { class: "batchviz-value", "text-anchor": "end" }),
      updates: svg("text", { class: "batchviz-updates" }),
    }));
    root.replaceChildren(this.#grid);
    // What is last lies on top: the first lines are those that the question is about.
    for (const { line, path, dot, name, value, updates } of [...this.#drawn].reverse()) {
      const group = svg("g");
      group.style.setProperty("--line", `light-dark(${line.color.light}, ${line.color.dark})`);
      name.textContent = line.label;
      group.append(path, dot, name, value, updates);
      root.append(group);
    }
    new ResizeObserver(() => this.#layOut()).observe(root);
    this.#layOut();
  }

  /**
   * Draw the race as it stood.
   * @param {number} position in the unit of x
   */
  show(position) {
    this.#position = position;
    if (this.#size.width) this.#place();
  }

  /** The axes, for the size that there is. */
  #layOut() {
    const { clientWidth: width, clientHeight: height } = this.#root; // also where it is enlarged
    if (!width || (width === this.#size.width && height === this.#size.height)) return;
    const kind = width < NARROW ? "narrow" : "wide";
    const { end, ticks, lines, unit } = this.#race;
    const name = LETTER * Math.max(...lines.map(({ label }) => label.length));
    const value = Math.max(VALUE[kind], name + VALUE.narrow / 2);
    this.#size = { width, height, right: value + COUNT[kind], value };
    setAttribute(this.#root, "viewBox", `0 0 ${width} ${height}`);
    setAttribute(this.#root, "data-width", kind);
    const [left, right] = [this.#across(0), this.#across(end)];
    const marks = [];
    for (const tick of ticks) {
      const y = this.#down(tick);
      marks.push(svg("line", { x1: left, x2: right, y1: y, y2: y }));
      marks.push(text({ x: left - 8, y: y + 4, "text-anchor": "end" }, this.#told(tick)));
    }
    const steps = unit === "epoch" ? even(end, EPOCH_TICKS[kind]) : EPOCH_TICKS[kind];
    for (let tick = 0; tick <= steps; tick += 1) {
      const at = unit === "epoch" ? (end / steps) * tick : Math.round((end / steps) * tick);
      const label = format.quantity(at) + (tick === steps ? ` ${unit}s` : "");
      marks.push(text({ x: this.#across(at), y: height - 8, "text-anchor": "middle" }, label));
    }
    this.#grid.replaceChildren(...marks);
    this.#place();
  }

  /** @param {number} x */
  #across(x) {
    const { width, right } = this.#size;
    return EDGES.left + (x / this.#race.end) * (width - EDGES.left - right);
  }

  /** @param {number} value that leaves the picture where it leaves the ticks */
  #down(value) {
    const { ticks } = this.#race;
    const [low, high] = [ticks[0], ticks[ticks.length - 1]];
    const share = (Math.min(Math.max(value, low), high) - low) / (high - low);
    return EDGES.top + (1 - share) * (this.#size.height - EDGES.top - EDGES.bottom);
  }

  /** @param {number} value */
  #told(value) {
    return this.#race.shares ? `${Math.round(100 * value)} %` : format.number(value);
  }

  /** Lines, heads and labels. */
  #place() {
    const heads = this.#drawn.map(({ line }) => upTo(line, this.#position));
    const bottom = this.#size.height - EDGES.bottom;
    const places = spread(
      heads.map(({ head }) => this.#down(head) - ROW / 2),
      ROW,
      0,
      bottom + ROW / 2,
    );
    this.#drawn.forEach(({ line, path, dot, name, value, updates }, i) => {
      const { xs, ys, head, measured } = heads[i];
      const reached = Math.min(this.#position, line.x[line.x.length - 1]);
      const x = this.#across(reached);
      const points = xs.map((at, j) => `${this.#across(at).toFixed(1)} ${this.#down(ys[j]).toFixed(1)}`);
      path.setAttribute("d", `M${points.join("L")}`);
      dot.setAttribute("cx", x.toFixed(1));
      dot.setAttribute("cy", this.#down(head).toFixed(1));
      const y = (places[i] + ROW / 2 + 4.5).toFixed(1);
      for (const [node, offset] of /** @type {const} */ ([
        [name, 0],
        [value, this.#size.value],
        [updates, this.#size.value + 10],
      ])) {
        node.setAttribute("x", (x + GAP + offset).toFixed(1));
        node.setAttribute("y", y);
      }
      value.textContent = this.#told(measured);
      const made = Math.round(interpolate(line.x, line.updates, reached));
      updates.textContent = `${format.quantity(made)} ${made === 1 ? "update" : "updates"}`;
    });
  }
}

/**
 * @param {Record<string, string | number>} attributes
 * @param {string} content
 */
function text(attributes, content) {
  const node = svg("text", attributes);
  node.textContent = content;
  return node;
}

/**
 * The most steps, as many as are allowed, that cut an end into whole epochs.
 * @param {number} end
 * @param {number} most
 */
export function even(end, most) {
  for (let steps = most; steps > 1; steps -= 1) if (end % steps === 0) return steps;
  return 1;
}

/**
 * The part of a line up to a position, and where it stands there: between two measurements on the straight line. What was
 * measured last is the number to tell.
 * @param {Pick<Line, "x" | "y">} line
 * @param {number} position
 * @returns {{xs: number[], ys: number[], head: number, measured: number}}
 */
export function upTo({ x, y }, position) {
  const made = upperBound(x, position);
  const xs = x.slice(0, made);
  const ys = y.slice(0, made);
  const head = interpolate(x, y, position);
  if (made < x.length && made > 0) {
    xs.push(position);
    ys.push(head);
  }
  return { xs, ys, head, measured: y[Math.max(made - 1, 0)] };
}
