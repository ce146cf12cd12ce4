// Names and units of what is drawn.

import * as format from "./format.js";

export const AXES = {
  epochs: { name: "Epochs", title: "epochs", one: "epoch", write: format.epochs },
  updates: { name: "Updates", title: "updates", one: "update", write: format.count },
  examples: { name: "Examples", title: "training examples seen", one: "example", write: format.count },
  seconds: { name: "Seconds", title: "training time in seconds", one: "second", write: format.duration },
};

const UNITS = {
  MSE: "squared units of the target",
  MAE: "units of the target",
  "Cross-entropy": "nats",
  Accuracy: "share correct",
};

const HEADINGS = { MSE: "Mean squared error", MAE: "Mean absolute error" };

/** What the heading over a chart says: the measure in full. */
export function heading(name) {
  return HEADINGS[name] ?? name;
}

export function unit(name) {
  return UNITS[name] ?? "";
}

/** The distinct names of the loss (or metric) over runs: usually one, two when data sets are mixed. */
export function measureNames(recordings, kind) {
  return [...new Set(recordings.map((run) => run.about?.[`${kind}_name`]).filter(Boolean))];
}

/** The column that the training curve shows. */
export function trainingColumn(kind, view) {
  return view.training === "running" ? kind : `train_${kind}`;
}
