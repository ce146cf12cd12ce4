// The part of the plane to show when the visitor has not zoomed, and the ticks of a logarithmic axis.

const DECADES = 3; // of a logarithmic y-axis at most: a value near 0 by luck must not stretch it without end
const CEILING = 4; // times the worst start

/** @typedef {import("./scene.js").Range} Range */

/**
 * [low, high] around the values; powers of ten when `log`. Nothing beyond `ceiling` stretches the axis.
 * @param {Iterable<number | null | undefined>} values
 * @param {{log: boolean, ceiling?: number}} axis
 * @returns {Range}
 */
export function yRange(values, { log, ceiling = Infinity }) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, Math.min(value, ceiling));
  }
  if (low > high) return log ? [-2, 0] : [0, 1];
  if (log) {
    low = Math.max(low, high * 10 ** -DECADES);
    const pad = Math.max(0.03, 0.05 * Math.log10(high / low));
    return [Math.log10(low) - pad, Math.log10(high) + pad];
  }
  const pad = 0.06 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

/**
 * A diverging run must not flatten the others: nothing beyond four times the worst start stretches the axis. What
 * grows while a run learns, such as accuracy, has no such bound: it starts low and cannot pass 1.
 * @param {number[]} starts
 * @param {boolean} bounded
 */
export function ceilingOver(starts, bounded) {
  const finite = starts.filter(Number.isFinite);
  return bounded || !finite.length ? Infinity : CEILING * Math.max(...finite);
}

/**
 * [0, end], or for a logarithmic axis from the first value above 0.
 * @param {number} end
 * @param {{log?: boolean, first?: number, room?: number}} [axis] `room`: share of the axis to leave free at its end
 * @returns {Range}
 */
export function xRange(end, { log = false, first = Infinity, room = 0 } = {}) {
  const high = end || 1;
  if (!log) return [0, high * (1 + room)];
  const [from, to] = [Math.log10(Number.isFinite(first) ? first : high / 10), Math.log10(high)];
  return [from, to + (to > from ? 0.04 * (to - from) : 1)];
}

/**
 * The middle 97 % of the update noise, as [low, high]: a single wild batch may leave the picture, as lists show it.
 * @param {ArrayLike<number>} values
 * @param {boolean} log
 * @returns {number[]}
 */
export function bulk(values, log) {
  const sorted = Float64Array.from(
    Array.from(values).filter((value) => Number.isFinite(value) && (!log || value > 0)),
  ).sort();
  return sorted.length
    ? [sorted[Math.floor(0.02 * sorted.length)], sorted[Math.ceil(0.99 * sorted.length) - 1]]
    : [];
}

/**
 * Tick values for a log axis, in plain decimals: 1, 2, 5 while few decades are shown, powers of ten beyond.
 * @param {Range} range
 */
export function logTicks([low, high]) {
  const steps = high - low > 2.2 ? [1] : high - low > 0.6 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const step of steps) {
      const exponent = power + Math.log10(step);
      if (exponent >= low && exponent <= high) ticks.push(Number((step * 10 ** power).toPrecision(3)));
    }
  }
  return ticks;
}

/**
 * As it stands at the axis: 0.05, 1,000.
 * @param {number} value
 */
export function tickText(value) {
  return value >= 1000 ? value.toLocaleString("en", { maximumFractionDigits: 0 }) : String(value);
}
