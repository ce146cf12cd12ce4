// Written by `python -m batchviz.frontend.series` from the tables of Python: change them, not this.

export const EPOCH_COLUMNS = [
  "updates",
  "examples",
  "seconds",
  "loss",
  "metric",
  "train_loss",
  "train_metric",
  "val_loss",
  "val_metric",
];

export const UPDATE_COLUMNS = ["loss", "loss_min", "loss_max", "metric", "metric_min", "metric_max"];

export const FINAL_STATUSES = ["done", "stopped", "failed", "diverged"];
