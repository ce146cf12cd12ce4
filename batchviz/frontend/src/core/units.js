// Names and units of what is drawn.

import * as format from "./format.js";

/** @typedef {"epochs" | "updates" | "examples" | "seconds"} Axis what the x-axis counts */
/** @typedef {"loss" | "metric"} Kind which of the two charts */
/** @typedef {{ loss_name: string, metric_name: string }} Named what is known of a run's measures */

/** Of something that is made whole, planned or done. */
const count = (/** @type {number} */ value) => format.quantity(Math.round(value));

/** @type {Record<Axis, { name: string, title: string, singular: string, print: (value: number) => string }>} */
export const AXES = {
  epochs: { name: "Epochs", title: "epochs", singular: "epoch", print: format.quantity },
  updates: { name: "Updates", title: "updates", singular: "update", print: count },
  examples: { name: "Examples", title: "training examples seen", singular: "example", print: count },
  seconds: { name: "Seconds", title: "training time in seconds", singular: "second", print: format.duration },
};

/** @type {Record<string, string>} */
const UNITS = {
  // Targets of uploads and of most data sets are standardised: their unit in training is the standard deviation.
  MSE: "squared units of the target as trained",
  MAE: "units of the target as trained",
  "Cross-entropy": "nats",
  Accuracy: "share correct",
};

/** @type {Record<string, string>} */
const HEADINGS = { MSE: "Mean squared error", MAE: "Mean absolute error" };

/**
 * What the heading over a chart says: the measure in full.
 * @param {string} name
 */
export function heading(name) {
  return HEADINGS[name] ?? name;
}

/** @param {string} name of a measure */
export function unit(name) {
  return UNITS[name] ?? "";
}

/**
 * The distinct names of the loss (or metric) over runs: usually one, two when data sets are mixed.
 * @param {{ about: Named | null }[]} recordings
 * @param {Kind} kind
 */
export function measureNames(recordings, kind) {
  return [...new Set(recordings.flatMap(({ about }) => about?.[`${kind}_name`] ?? []))].filter(Boolean);
}

/**
 * The column that the training curve shows.
 * @param {Kind} kind
 * @param {{ training: string }} view
 * @returns {Kind | `train_${Kind}`}
 */
export function trainingColumn(kind, view) {
  return view.training === "running" ? kind : `train_${kind}`;
}
