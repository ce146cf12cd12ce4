// The part of the plane to show when the learner has not zoomed.

import { trainingColumn } from "../core/units.js";
import { epochCurve } from "../live/curves.js";

const DECADES = 3;

/** [0, end]: where the longest run is planned to end, so that the axis stands still while curves grow. */
export function xRange(recordings, axis) {
  const end = Math.max(0, ...recordings.map((run) => run.plannedEnd(axis)));
  return [0, end || 1];
}

/** [low, high] over curves, floors and (when drawn) the bulk of the per-update noise; log10 units for a log axis. */
export function yRange(recordings, kind, view) {
  const log = view.scale === "log";
  const cap = ceiling(recordings, kind);
  let low = Infinity;
  let high = -Infinity;
  const include = (value) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    low = Math.min(low, value);
    high = Math.max(high, Math.min(value, cap));
  };
  for (const run of recordings) {
    bounds(run, kind, view, log).forEach(include);
    include(run.about?.floors?.[kind]);
  }
  if (low > high) return log ? [-2, 0] : [0, 1];
  if (log) {
    low = Math.max(low, high * 10 ** -DECADES); // a batch that fits by luck must not stretch a log axis without end
    const pad = Math.max(0.03, 0.05 * Math.log10(high / low));
    return [Math.log10(low) - pad, Math.log10(high) + pad];
  }
  const pad = 0.06 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

/**
 * A diverging run must not flatten the others: nothing beyond four times the worst start stretches the axis. What
 * grows while a run learns, such as accuracy, has no such bound: it starts low and cannot pass 1.
 */
function ceiling(recordings, kind) {
  if (kind === "metric" && recordings.some((run) => run.about?.metric_higher_is_better)) return Infinity;
  const starts = recordings
    .flatMap((run) => [run.epochs[`train_${kind}`].values[0], run.epochs[`val_${kind}`].values[0]])
    .filter(Number.isFinite);
  return starts.length ? 4 * Math.max(...starts) : Infinity;
}

function bounds(run, kind, view, log) {
  const names = [trainingColumn(kind, view), `val_${kind}`];
  return run.derive(`bounds ${kind} ${JSON.stringify([names, view.smoothing, view.noise, log])}`, () => {
    const values = names.flatMap((name) => {
      const { y } = epochCurve(run, name, "updates", view.smoothing);
      const usable = log ? y.filter((value) => value > 0) : y;
      return usable.length ? [usable.reduce((a, b) => Math.min(a, b)), usable.reduce((a, b) => Math.max(a, b))] : [];
    });
    return view.noise ? [...values, ...bulk(run.updates[kind].values, log)] : values;
  });
}

/** The middle 97 % of the noise: a single wild batch may leave the picture, as the scrubber and the table show it. */
function bulk(values, log) {
  const sorted = values.filter((value) => Number.isFinite(value) && (!log || value > 0)).sort();
  return sorted.length ? [sorted[Math.floor(0.02 * sorted.length)], sorted[Math.ceil(0.99 * sorted.length) - 1]] : [];
}

/** Tick values for a log axis, in plain decimals: 1, 2, 5 while few decades are shown, powers of ten beyond. */
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
