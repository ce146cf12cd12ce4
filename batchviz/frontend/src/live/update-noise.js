// The recorded updates in words: one by one, or, of a long run, in buckets of equally many.

import * as format from "../core/format.js";

const EACH = "Thin lines: the loss of every single update as it was recorded, never smoothed.";

/** @typedef {Pick<import("./recording.js").Recording, "updateRows" | "stride">} Updates of one run */

/**
 * Updates that one recorded point stands for: the fewest and the most over these runs.
 * @param {Updates[]} recordings
 */
function strides(recordings) {
  const all = recordings.filter((run) => run.updateRows).map((run) => run.stride);
  return { least: Math.min(...all, Infinity), most: Math.max(...all, 1) };
}

/**
 * "32 updates", or "up to 32 updates" where a point of another run stands for fewer.
 * @param {Updates[]} recordings
 */
function span(recordings) {
  const { least, most } = strides(recordings);
  return `${least < most ? "up to " : ""}${format.quantity(most)} updates`;
}

/** @param {Updates[]} recordings */
export function explanation(recordings) {
  if (strides(recordings).most === 1) return EACH;
  return `Thin lines: the mean of ${span(recordings)} a point, because the run is long; band: from their lowest to their highest.`;
}

/**
 * The head of a column with one value a run.
 * @param {Updates[]} recordings
 */
export function heading(recordings) {
  return strides(recordings).most === 1 ? "batch" : `mean of ${span(recordings)}`;
}

/**
 * What one step of the player moves by.
 * @param {Updates[]} recordings
 */
export function step(recordings) {
  const { least } = strides(recordings);
  return least > 1 && least < Infinity ? `${format.quantity(least)} updates` : "one update";
}
