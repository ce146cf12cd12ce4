// Each run's epochs as a table.

import * as format from "../core/format.js";

/** @type {[string, string, (value: number) => string][]} */
const COLUMNS = [
  ["updates", "Updates", format.quantity],
  ["examples", "Examples", format.quantity],
  ["seconds", "Time", format.duration],
  ["train_loss", "Training {loss}", format.number],
  ["loss", "Running mean {loss}", format.number],
  ["val_loss", "Validation {loss}", format.number],
  ["train_metric", "Training {metric}", format.number],
  ["metric", "Running mean {metric}", format.number],
  ["val_metric", "Validation {metric}", format.number],
];

/**
 * @param {import("./curves.js").Recording[]} recordings
 * @returns {import("../chart/data-table.js").TableEntry[]}
 */
export function epochTables(recordings) {
  return recordings.flatMap((run) => (run.about ? [epochTable(run, run.about)] : []));
}

/**
 * @param {import("./curves.js").Recording} run
 * @param {import("./curves.js").KnownRun["about"]} about
 * @returns {import("../chart/data-table.js").TableEntry}
 */
function epochTable(run, { label, details, loss_name: loss, metric_name: metric }) {
  const rows = format.quantity(run.thinned?.recorded ?? run.epochRows);
  return {
    id: run.id,
    name: `${label}, ${details}`,
    caption: `${label}: epoch 0 is before the first update`,
    columns: [
      { title: "Epoch", values: run.epochX("epochs"), write: format.quantity },
      ...COLUMNS.map(([column, title, write]) => ({
        title: title.replace("{loss}", loss).replace("{metric}", metric),
        values: run.epochs[column].values,
        write,
      })),
    ],
    more: (shown) => `The first ${shown} of ${rows} rows; the CSV has all.${thinned(run)}`,
  };
}

/**
 * What a point of a very long run stands for.
 * @param {import("./curves.js").Recording} run
 */
function thinned({ thinned: kept }) {
  if (!kept) return "";
  return ` The chart draws the first epochs one by one; of every ${kept.stride} later ones the last, and the lowest and highest of each curve.`;
}
