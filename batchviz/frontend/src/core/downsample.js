// Fewer points without losing what the eye looks for: every bucket keeps its lowest and its highest value.

import { upperBound } from "./columns.js";

/** @typedef {{ from?: number, to?: number, limit?: number }} Window the stretch of x to keep, and how many points */

/**
 * The points of (x, y) with from <= x <= to, plus one neighbour on each side so that lines reach the edge.
 * When more than `limit` remain, each of limit / 2 buckets keeps its minimum and its maximum in order.
 * @param {Float64Array} x ascending
 * @param {Float64Array} y
 * @param {Window} [window]
 */
export function extremes(x, y, { from = -Infinity, to = Infinity, limit = 600 } = {}) {
  const start = Math.max(0, (from === -Infinity ? 0 : upperBound(x, from)) - 1);
  const stop = Math.min(x.length, upperBound(x, to) + 1);
  if (stop - start <= limit) return { x: x.subarray(start, stop), y: y.subarray(start, stop) };

  const buckets = Math.floor(limit / 2) - 1; // one bucket's worth is kept for the two ends
  const keptX = new Float64Array(2 * buckets + 2);
  const keptY = new Float64Array(2 * buckets + 2);
  let kept = 0;
  const keep = (/** @type {number} */ i) => {
    keptX[kept] = x[i];
    keptY[kept] = y[i];
    kept += 1;
  };

  keep(start);
  const inner = stop - start - 2;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const first = start + 1 + Math.floor((bucket * inner) / buckets);
    const end = start + 1 + Math.floor(((bucket + 1) * inner) / buckets);
    let low = -1;
    let high = -1;
    for (let i = first; i < end; i += 1) {
      if (!Number.isFinite(y[i])) continue;
      if (low < 0 || y[i] < y[low]) low = i;
      if (high < 0 || y[i] > y[high]) high = i;
    }
    if (low < 0) continue;
    keep(Math.min(low, high));
    if (low !== high) keep(Math.max(low, high));
  }
  keep(stop - 1);
  return { x: keptX.subarray(0, kept), y: keptY.subarray(0, kept) };
}

/**
 * Minimum and maximum of each bucket as a band: {x, low, high}, at most `limit` buckets in [from, to].
 * @param {Float64Array} x ascending
 * @param {ArrayLike<number>} lows
 * @param {ArrayLike<number>} highs
 * @param {Window} [window]
 */
export function band(x, lows, highs, { from = -Infinity, to = Infinity, limit = 300 } = {}) {
  const start = Math.max(0, (from === -Infinity ? 0 : upperBound(x, from)) - 1);
  const stop = Math.min(x.length, upperBound(x, to) + 1);
  const buckets = Math.min(limit, stop - start);
  const edge = {
    x: new Float64Array(buckets),
    low: new Float64Array(buckets),
    high: new Float64Array(buckets),
  };
  let kept = 0;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const first = start + Math.floor((bucket * (stop - start)) / buckets);
    const end = start + Math.floor(((bucket + 1) * (stop - start)) / buckets);
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i < end; i += 1) {
      if (lows[i] < low) low = lows[i];
      if (highs[i] > high) high = highs[i];
    }
    if (low > high) continue;
    edge.x[kept] = x[end - 1];
    edge.low[kept] = low;
    edge.high[kept] = high;
    kept += 1;
  }
  return { x: edge.x.subarray(0, kept), low: edge.low.subarray(0, kept), high: edge.high.subarray(0, kept) };
}
