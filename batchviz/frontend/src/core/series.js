// Written by `python -m batchviz.frontend.series` from the tables of Python: change them, not this.

export const EPOCH_COLUMNS = /** @type {const} */ ([
  "updates",
  "examples",
  "seconds",
  "loss",
  "metric",
  "train_loss",
  "train_metric",
  "val_loss",
  "val_metric",
]);
export const UPDATE_COLUMNS = /** @type {const} */ ([
  "loss",
  "loss_min",
  "loss_max",
  "metric",
  "metric_min",
  "metric_max",
]);
export const CLOCK_PATHS = /** @type {const} */ ({ loop: "BatchViz's compiled loop", fit: "Keras fit" });
export const FINAL_STATUSES = new Set(["done", "stopped", "failed", "diverged"]);
