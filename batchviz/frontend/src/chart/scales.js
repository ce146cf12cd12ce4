// Between the values of a panel's axes and the pixels of the picture, and where a line leaves it.

/**
 * @typedef {object} Plane a panel's plane in the picture; lengths in pixels
 * @property {number} left
 * @property {number} top
 * @property {number} wide
 * @property {number} high
 * @property {boolean} last of its row: beside it is room for names
 * @property {(left: number) => number} xAt the value at a pixel
 * @property {(x: number) => number} across the pixel of a value
 * @property {(y: number) => number} down
 * @property {(left: number, top: number, slack?: number) => boolean} holds
 */

/**
 * A value in the units of the axis' range.
 * @param {import("./scene.js").Axis} axis
 * @param {number} value
 */
export function scaled(axis, value) {
  return axis.log ? Math.log10(value) : value;
}

/**
 * The planes of all panels, where `arrange` put them.
 * @param {import("./scene.js").Scene} scene
 * @param {import("./panels.js").Arrangement} arrangement
 * @returns {Plane[]}
 */
export function planes({ panels }, { boxes }) {
  return panels.map(({ x, y }, i) => {
    const { left, top, wide, high, last } = boxes[i];
    const [x0, x1] = x.range;
    const [y0, y1] = y.range;
    return {
      left,
      top,
      wide,
      high,
      last,
      xAt: (pixel) => {
        const at = x0 + ((pixel - left) / wide) * (x1 - x0);
        return x.log ? 10 ** at : at;
      },
      across: (value) => left + ((scaled(x, value) - x0) / (x1 - x0)) * wide,
      down: (value) => top + (1 - (scaled(y, value) - y0) / (y1 - y0)) * high,
      holds: (pixelX, pixelY, slack = 1) =>
        pixelX >= left - slack &&
        pixelX <= left + wide + slack &&
        pixelY >= top - slack &&
        pixelY <= top + high + slack,
    };
  });
}

/**
 * The end of a line that can be seen, in units of the axes: its last point, or where it leaves the plane for good.
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>}} line
 * @param {Pick<import("./scene.js").Panel, "x" | "y">} panel
 */
export function visibleEnd(line, panel) {
  const point = (/** @type {number} */ i) => ({
    x: scaled(panel.x, line.x[i]),
    y: scaled(panel.y, line.y[i]),
  });
  const within = (/** @type {number} */ value, /** @type {import("./scene.js").Range} */ [low, high]) =>
    value >= low && value <= high;
  const last = line.x.length - 1;
  let i = last;
  while (i >= 0 && !(within(point(i).x, panel.x.range) && within(point(i).y, panel.y.range))) i -= 1;
  if (i === last || i < 0) return point(last);
  const [from, to] = [point(i), point(i + 1)];
  const share = Math.min(edge(from.x, to.x, panel.x.range), edge(from.y, to.y, panel.y.range));
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
}

/**
 * The share of the way from a value inside a range to the next at which it is left; 1 if it is not.
 * @param {number} from
 * @param {number} to
 * @param {import("./scene.js").Range} range
 */
function edge(from, to, [low, high]) {
  if (to > high) return Number.isFinite(to) ? (high - from) / (to - from) : 0;
  if (to < low) return Number.isFinite(to) ? (low - from) / (to - from) : 0;
  return 1;
}
