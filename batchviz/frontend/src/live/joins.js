// Where a line may join two measurements: what lies between far ones is not known. analysis/curves.py has the same rule.

const JOINED = 4; // ratio of their updates up to which two measurements are joined
const DOT = 5; // pixels, of a measurement that no line reaches

/**
 * @typedef {[number, number]} Gap neighbouring x that no line joins
 * @typedef {{x: Float64Array, y: Float64Array}} Points
 */

/**
 * @param {ArrayLike<number>} x ascending
 * @param {ArrayLike<number>} updates made at each; a history that does not tell them has a row an epoch
 * @returns {Gap[]}
 */
export function gapsOf(x, updates) {
  /** @type {Gap[]} */
  const gaps = [];
  const made = (/** @type {number} */ i) => (Number.isFinite(updates[i]) ? updates[i] : i);
  for (let i = 1; i < x.length; i += 1)
    if (made(i) > JOINED * Math.max(made(i - 1), 1)) gaps.push([x[i - 1], x[i]]);
  return gaps;
}

/**
 * Those that every curve has.
 * @param {Gap[][]} lists
 * @returns {Gap[]}
 */
export function commonGaps([first = [], ...others]) {
  return first.filter(([a, b]) => others.every((gaps) => gaps.some(([c, d]) => a === c && b === d)));
}

/**
 * Whether x lies between two measurements that no line joins.
 * @param {Gap[]} gaps
 * @param {number} x
 */
export function inGap(gaps, x) {
  return gaps.some(([a, b]) => a < x && x < b);
}

/**
 * Points as a trace draws them: without a line across a gap, with a dot where no line reaches.
 * @param {Points} points few of the curve's
 * @param {Gap[]} [gaps]
 * @returns {{x: ArrayLike<number>, y: ArrayLike<number>, marks?: {size: number[]}}}
 */
export function broken({ x, y }, gaps = []) {
  /** @type {(i: number) => boolean} */
  const breaks = (i) => gaps.some(([a, b]) => x[i - 1] <= a && b <= x[i]);
  if (!gaps.length || !Array.from(x).some((_, i) => i > 0 && breaks(i))) return { x, y };
  /** @type {{x: number[], y: number[], size: number[]}} */
  const drawn = { x: [], y: [], size: [] };
  for (let i = 0; i < x.length; i += 1) {
    const [before, after] = [i === 0 || breaks(i), i === x.length - 1 || breaks(i + 1)];
    if (i && before) {
      drawn.x.push(x[i]);
      drawn.y.push(NaN);
      drawn.size.push(0);
    }
    drawn.x.push(x[i]);
    drawn.y.push(y[i]);
    drawn.size.push(before && after ? DOT : 0);
  }
  return { x: drawn.x, y: drawn.y, marks: { size: drawn.size } };
}
