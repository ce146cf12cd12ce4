// Direct labels at line ends instead of a legend: where they hang, kept apart with the least movement.

import { mix, parse, readable } from "../core/color.js";
import { CHARACTER, LEADER } from "./panels.js";
import { scaled, visibleEnd } from "./scales.js";

const LABEL_HEIGHT = 15;

/**
 * @typedef {import("./scene.js").Range} Range
 * @typedef {import("./scales.js").Plane} Plane
 * @typedef {{left: number, top: number, color: number[], hollow: boolean}} Dot pixels in the picture
 * @typedef {object} Label
 * @property {number} panel
 * @property {string} text
 * @property {string[]} ids
 * @property {number} left pixels in the picture, of the line's end
 * @property {number} top
 * @property {number} shift how far the text was moved from its line
 * @property {boolean} inside the text stands over the plane
 * @property {number[]} color
 * @property {number[]} leader colour of its leader line
 */

/**
 * The text in at most so many characters.
 * @param {string} text
 * @param {number} longest
 */
export function shortened(text, longest) {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/**
 * Dots and labels at the ends of lines and beside references.
 * @param {Pick<import("./scene.js").Scene, "panels" | "references" | "ends">} scene
 * @param {Plane[]} planes
 * @param {import("./theme.js").Theme} theme
 * @returns {{dots: Dot[], labels: Label[]}}
 */
export function layOutEnds({ panels, references, ends }, planes, theme) {
  const beside = ends.filter(({ panel }) => planes[panel].last);
  const dots = beside
    .flatMap(({ panel, color, lines }) =>
      lines
        .filter(({ x, bare }) => x.length && !bare)
        .map(({ x, y, hollow }) => ({
          left: planes[panel].across(x[x.length - 1]),
          top: planes[panel].down(y[y.length - 1]),
          color: parse(color),
          hollow,
          panel,
        })),
    )
    .filter(({ left, top, panel }) => planes[panel].holds(left, top));
  const names = beside.flatMap(({ panel, text, color, ids, lines }) => {
    const tips = lines
      .filter(({ named, x }) => named && x.length)
      .map((line) => visibleEnd(line, panels[panel]));
    if (!tips.length) return [];
    const at = {
      x: Math.max(...tips.map(({ x }) => x)),
      y: tips.reduce((sum, { y }) => sum + y, 0) / tips.length,
    };
    return [{ panel, text, ids, color: parse(color), ...pixels(at, panels[panel], planes[panel]) }];
  });
  const levels = references
    .filter(({ label }) => label === "end")
    .map(({ panel, value, text }) => {
      const { x, y } = panels[panel];
      return {
        panel,
        text,
        ids: [],
        color: theme.muted,
        ...pixels({ x: x.range[1], y: scaled(y, value) }, panels[panel], planes[panel]),
      };
    });
  const labels = [...names, ...levels].filter(({ left, top, panel }) => planes[panel].holds(left, top));
  return {
    dots,
    labels: planes.flatMap((plane, i) =>
      apart(
        labels.filter(({ panel }) => panel === i),
        plane,
        theme,
      ),
    ),
  };
}

/**
 * @param {{x: number, y: number}} at in units of the axes
 * @param {import("./scene.js").Panel} panel
 * @param {Plane} plane
 */
function pixels({ x, y }, panel, plane) {
  const share = (/** @type {number} */ value, /** @type {Range} */ [from, to]) =>
    (value - from) / (to - from);
  return {
    left: plane.left + share(x, panel.x.range) * plane.wide,
    top: plane.top + (1 - share(y, panel.y.range)) * plane.high,
  };
}

/**
 * Labels that would collide are moved apart, within their column of neighbours; those without a place are left out.
 * @param {{panel: number, text: string, ids: string[], color: number[], left: number, top: number}[]} labels
 * @param {Plane} plane
 * @param {import("./theme.js").Theme} theme
 * @returns {Label[]}
 */
function apart(labels, plane, theme) {
  const widest = Math.max(0, ...labels.map(({ text }) => text.length)) * CHARACTER + LEADER;
  /** @type {number[]} */
  const places = [];
  for (const column of columns(
    labels.map(({ left }) => left),
    widest,
  )) {
    const fitting = column.slice(0, Math.floor(plane.high / LABEL_HEIGHT));
    spread(
      fitting.map((i) => labels[i].top),
      LABEL_HEIGHT,
      plane.top + 2,
      plane.top + plane.high - 2,
    ).forEach((top, rank) => {
      places[fitting[rank]] = top;
    });
  }
  return labels.flatMap((label, i) =>
    places[i] === undefined
      ? []
      : [
          {
            ...label,
            shift: places[i] - label.top,
            inside: label.left < plane.left + plane.wide - 4,
            color: readable(label.color, theme.panel, theme.ink),
            leader: mix(label.color, theme.panel, 0.35),
          },
        ],
  );
}

/**
 * Places for labels that want to sit at `wishes` pixels but need `gap` between them inside [low, high].
 * Neighbours that collide form a block around their common mean (pool adjacent violators), so nobody is
 * pushed further than the crowd requires. Returns the places in the order of `wishes`.
 * @param {number[]} wishes
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 */
export function spread(wishes, gap, low, high) {
  const order = wishes.map((_, i) => i).sort((a, b) => wishes[a] - wishes[b]);
  /** @type {{members: number[], start: number}[]} */
  const blocks = [];
  for (const index of order) {
    let block = { members: [index], start: inside(wishes[index], 1) };
    for (;;) {
      const before = blocks[blocks.length - 1];
      if (!before || before.start + gap * before.members.length <= block.start) break;
      blocks.pop();
      const members = [...before.members, ...block.members];
      const offsets = members.reduce((sum, member, rank) => sum + wishes[member] - rank * gap, 0);
      block = { members, start: inside(offsets / members.length, members.length) };
    }
    blocks.push(block);
  }
  /**
   * @param {number} start
   * @param {number} count
   */
  function inside(start, count) {
    return Math.max(low, Math.min(start, high - gap * (count - 1)));
  }
  /** @type {number[]} */
  const places = [];
  for (const block of blocks) {
    block.members.forEach((member, rank) => {
      places[member] = block.start + rank * gap;
    });
  }
  return places;
}

/**
 * Lists of indices whose x lie within `width` pixels of a neighbour: only those can collide.
 * @param {number[]} xs
 * @param {number} width
 */
export function columns(xs, width) {
  const order = xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b]);
  /** @type {number[][]} */
  const groups = [];
  for (const index of order) {
    const group = groups[groups.length - 1];
    if (group && xs[index] - xs[group[group.length - 1]] < width) group.push(index);
    else groups.push([index]);
  }
  return groups;
}
