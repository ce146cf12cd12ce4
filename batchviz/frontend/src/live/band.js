// Curves of several seeds as their mean with a band from the lowest to the highest: the definition of `band` in
// batchviz/analysis/curves.py, which tests/shared/bands.json holds both to.

import { commonGaps, inGap } from "./joins.js";

const MAX_POINTS = 4000; // of a common grid in seconds, where no two seeds have a measurement at the same time

/**
 * @typedef {import("./curves.js").Curve} Curve
 * @typedef {object} Band at each x: mean, lowest and highest over the seeds measured there, and how many those are
 * @property {Float64Array} x ascending
 * @property {Float64Array} mean
 * @property {Float64Array} low
 * @property {Float64Array} high
 * @property {Float64Array} seeds
 * @property {import("./joins.js").Gap[]} gaps those of every seed
 */

/**
 * At every x where a seed was measured. Where another was not, it is read off the straight line between its
 * measurements, never beyond them, and not where there is no such line.
 * @param {Curve[]} curves x ascending, without gaps
 * @returns {Band}
 */
export function band(curves) {
  const x = commonGrid(curves);
  const mean = new Float64Array(x.length);
  const low = new Float64Array(x.length).fill(Infinity);
  const high = new Float64Array(x.length).fill(-Infinity);
  const seeds = new Float64Array(x.length);
  for (const curve of curves) {
    const last = curve.x.length - 1;
    let after = 0; // first measurement at or beyond x
    for (let i = 0; i < x.length; i += 1) {
      if (last < 0 || x[i] < curve.x[0] || x[i] > curve.x[last] || inGap(curve.gaps ?? [], x[i])) continue;
      while (curve.x[after] < x[i]) after += 1;
      const value = curve.x[after] === x[i] ? curve.y[after] : between(curve, after, x[i]);
      mean[i] += value;
      low[i] = Math.min(low[i], value);
      high[i] = Math.max(high[i], value);
      seeds[i] += 1;
    }
  }
  for (let i = 0; i < x.length; i += 1) mean[i] /= seeds[i];
  return { x, mean, low, high, seeds, gaps: commonGaps(curves.map(({ gaps = [] }) => gaps)) };
}

/**
 * Every x of any curve once; of too many, evenly many.
 * @param {Curve[]} curves
 */
function commonGrid(curves) {
  if (curves.length > 1 && curves.every(({ x }) => same(x, curves[0].x))) return curves[0].x;
  const all = [...new Set(curves.flatMap(({ x }) => [...x]))].sort((a, b) => a - b);
  if (all.length <= MAX_POINTS) return Float64Array.from(all);
  const step = (all.length - 1) / (MAX_POINTS - 1);
  return Float64Array.from({ length: MAX_POINTS }, (_, i) => all[Math.round(i * step)]);
}

/**
 * @param {Float64Array} first
 * @param {Float64Array} second
 */
function same(first, second) {
  return (
    first.length === second.length && first.length <= MAX_POINTS && first.every((x, i) => x === second[i])
  );
}

/**
 * On the straight line before the measurement `after`.
 * @param {Curve} curve
 * @param {number} after
 * @param {number} x
 */
function between({ x: xs, y }, after, x) {
  const share = (x - xs[after - 1]) / (xs[after] - xs[after - 1]);
  return y[after - 1] + share * (y[after] - y[after - 1]);
}
