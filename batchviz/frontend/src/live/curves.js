// One column of a recording as a curve: smoothed, without gaps, and cut where the playback stands.

import { exponentialAverage } from "../core/smoothing.js";
import { upperBound } from "../core/columns.js";
import { gapsOf, inGap } from "./joins.js";

/**
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {Recording & {about: NonNullable<Recording["about"]>}} KnownRun one that the feed has told about
 * @typedef {{x: Float64Array, y: Float64Array, gaps?: import("./joins.js").Gap[]}} Curve
 */

/**
 * An epoch column whole, smoothed; rows that are not finite stay.
 * @param {Recording} recording
 * @param {string} name
 * @param {number} smoothing
 * @returns {Float64Array}
 */
export function smoothedColumn(recording, name, smoothing) {
  return recording.derive(`column ${name} ${smoothing}`, () =>
    exponentialAverage(recording.epochs[name].values, smoothing),
  );
}

/**
 * An epoch column in the units of `axis`; rows that are not finite are left out.
 * @param {Recording} recording
 * @param {string} name
 * @param {import("../core/units.js").Axis} axis
 * @returns {Curve}
 */
export function epochCurve(recording, name, axis, smoothing = 0) {
  return recording.derive(`curve ${name} ${axis} ${smoothing}`, () => {
    const x = recording.epochX(axis);
    const y = smoothedColumn(recording, name, smoothing);
    const rows = [];
    for (let i = 0; i < x.length; i += 1) if (Number.isFinite(y[i]) && Number.isFinite(x[i])) rows.push(i);
    const at = Float64Array.from(rows, (i) => x[i]);
    const updates = rows.map((i) => recording.epochs.updates.values[i]);
    return { x: at, y: Float64Array.from(rows, (i) => y[i]), gaps: gapsOf(at, updates) };
  });
}

/**
 * The values measured up to `position`, and none between two measurements; null is all of them.
 * @param {Curve} curve
 * @param {number | null} position
 */
export function measuredUpTo({ x, y }, position) {
  return position === null ? y : y.subarray(0, upperBound(x, position));
}

/**
 * The part of a curve up to `position`; the last segment is cut on its straight line, or left out where no line joins
 * its ends. null keeps everything.
 * @param {Curve} curve
 * @param {number | null} position
 * @returns {Curve}
 */
export function cut(curve, position) {
  if (position === null) return curve;
  const count = upperBound(curve.x, position);
  if (count === curve.x.length) return curve;
  const { gaps = [] } = curve;
  if (count === 0 || inGap(gaps, position))
    return { x: curve.x.subarray(0, count), y: curve.y.subarray(0, count), gaps };
  const x = new Float64Array(count + 1);
  const y = new Float64Array(count + 1);
  x.set(curve.x.subarray(0, count));
  y.set(curve.y.subarray(0, count));
  const share = (position - x[count - 1]) / (curve.x[count] - x[count - 1]);
  x[count] = position;
  y[count] = y[count - 1] + share * (curve.y[count] - y[count - 1]);
  return { x, y, gaps };
}

/**
 * A run's colour in this theme.
 * @param {Recording} recording
 * @param {{dark: boolean}} theme
 * @returns {string}
 */
export function runColor(recording, theme) {
  const color = recording.about?.color;
  return (theme.dark ? color?.dark : color?.light) ?? "#888888";
}
