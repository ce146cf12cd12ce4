// Where the panels stand: as many columns as the page has room for, all planes of one size.

export const CHARACTER = 6.8; // pixels, of the labels' font
export const LEADER = 22; // pixels from a plane to the end of a label's leader line
const MARGIN = { left: 50, bottom: 42, right: 16 }; // pixels around the planes
const TOP = { title: 30, heading: 26, nothing: 12 }; // for what stands over a plane
const MAX_LABELS = 0.38; // of the width, for the labels at line ends
const MIN_WIDTH = 125; // pixels of a plane
const MAX_COLUMNS = 4;
const GAP = { x: 22, y: 46 }; // between planes that share their axes: below each stands the next one's heading
const HEIGHT = { wide: 210, narrow: 150, own: 190 }; // of a plane among several; the most that a scene's own has on a phone
const SINGLE = { wide: 430, narrow: 330 }; // of a picture with one
const NARROW = 560; // pixels of a picture

/**
 * @typedef {{left: number, top: number, wide: number, high: number, first: boolean, last: boolean, lowest: boolean}} Box pixels in the
 *   picture; `first` and `last` of its row, `lowest` of its column
 * @typedef {{left: number, top: number, right: number, bottom: number}} Margin
 * @typedef {{width: number, height: number, margin: Margin, boxes: Box[]}} Arrangement
 */

/**
 * Every panel's plane in a picture of this size.
 * @param {import("./scene.js").Scene} scene
 * @param {{width: number, height: number}} size
 * @returns {Arrangement}
 */
export function arrange(scene, { width, height }) {
  const margin = marginOf(scene, width);
  const gap = gapOf(scene, margin);
  const [wide, high] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  const { columns, rows } = grid(scene.panels.length, wide, gap.x);
  const [across, down] = [(wide - (columns - 1) * gap.x) / columns, (high - (rows - 1) * gap.y) / rows];
  const boxes = scene.panels.map((_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    return {
      left: margin.left + column * (across + gap.x),
      top: margin.top + row * (down + gap.y),
      wide: across,
      high: down,
      first: column === 0 || !scene.linked,
      last: column === columns - 1 || i === scene.panels.length - 1 || !scene.linked,
      lowest: i + columns >= scene.panels.length || !scene.linked,
    };
  });
  return { width, height, margin, boxes };
}

/**
 * The height that suits a picture of this width, in pixels.
 * @param {import("./scene.js").Scene} scene
 * @param {number} width
 */
export function heightFor(scene, width) {
  if (scene.panels.length < 2) return width < NARROW ? SINGLE.narrow : SINGLE.wide;
  const margin = marginOf(scene, width);
  const gap = gapOf(scene, margin);
  const wide = width - margin.left - margin.right;
  const { rows } = grid(scene.panels.length, wide, gap.x);
  const high = wide < 500 ? Math.min(scene.high ?? HEIGHT.narrow, HEIGHT.own) : (scene.high ?? HEIGHT.wide);
  return rows * high + (rows - 1) * gap.y + margin.top + margin.bottom;
}

/**
 * @param {import("./scene.js").Scene} scene
 * @param {number} width
 * @returns {Margin}
 */
function marginOf({ panels, characters }, width) {
  const over = panels.some(({ y }) => y.title)
    ? "title"
    : panels.some(({ heading }) => heading)
      ? "heading"
      : "nothing";
  const labels = characters
    ? Math.min(Math.ceil(characters * CHARACTER) + LEADER, Math.round(width * MAX_LABELS))
    : 0;
  return { left: MARGIN.left, top: TOP[over], right: Math.max(MARGIN.right, labels), bottom: MARGIN.bottom };
}

/**
 * @param {import("./scene.js").Scene} scene
 * @param {Margin} margin
 */
function gapOf({ linked }, margin) {
  return linked ? GAP : { x: margin.left + margin.right, y: margin.top + margin.bottom };
}

/**
 * Columns and rows for so many panels in `wide` pixels.
 * @param {number} count
 * @param {number} wide
 * @param {number} gap
 */
export function grid(count, wide, gap = GAP.x) {
  if (count < 2) return { columns: 1, rows: 1 };
  const fitting = Math.max(1, Math.floor((wide + gap) / (MIN_WIDTH + gap)));
  const most = Math.min(count, fitting, wide > 900 ? MAX_COLUMNS : 3);
  const rows = Math.ceil(count / most);
  return { columns: Math.ceil(count / rows), rows }; // five panels are 3 + 2, not 4 + 1
}
