// Each run's epochs as a table.

import * as format from "../core/format.js";

/** @type {[string, string, (value: number) => string][]} */
const COLUMNS = [
  ["updates", "Updates", format.quantity],
  ["examples", "Examples", format.quantity],
  ["seconds", "Took", format.duration],
  ["train_loss", "Training {loss}", format.number],
  ["loss", "Running mean {loss}", format.number],
  ["val_loss", "Validation {loss}", format.number],
  ["train_metric", "Training {metric}", format.number],
  ["metric", "Running mean {metric}", format.number],
  ["val_metric", "Validation {metric}", format.number],
];

/** @type {[string, string][]} */
const MEANS = [
  ["train_loss", "Training {loss}"],
  ["val_loss", "Validation {loss}"],
  ["train_metric", "Training {metric}"],
  ["val_metric", "Validation {metric}"],
];

/**
 * Of several seeds first the table of their means, then each seed's own.
 * @param {import("./groups.js").Group[]} groups
 * @returns {import("../chart/data-table.js").TableEntry[]}
 */
export function epochTables(groups) {
  return groups.flatMap((group) => {
    const known = group.runs.flatMap((run) => (run.about ? [{ run, about: run.about }] : []));
    const own = known.map(({ run, about }) => epochTable(run, about));
    return group.several ? [meanTable(group, known[0].about), ...own] : own;
  });
}

/**
 * Mean, lowest and highest over the seeds at every measurement.
 * @param {import("./groups.js").Group} group
 * @param {import("./curves.js").KnownRun["about"]} about
 * @returns {import("../chart/data-table.js").TableEntry}
 */
function meanTable(group, about) {
  const bands = MEANS.map(([column, title]) => ({
    title: title.replace("{loss}", about.loss_name).replace("{metric}", about.metric_name),
    ...group.band(column, "epochs"),
  }));
  const { x } = bands.reduce((longest, each) => (each.x.length > longest.x.length ? each : longest));
  const at = (/** @type {typeof bands[0]} */ each, /** @type {"mean" | "low" | "high" | "seeds"} */ part) => {
    const found = new Map(Array.from(each.x, (epoch, i) => [epoch, each[part][i]]));
    return Array.from(x, (epoch) => found.get(epoch) ?? NaN);
  };
  return {
    id: `mean ${group.lead.id}`,
    name: `${about.label}, mean of ${group.runs.length} seeds, ${about.details.replace(/,? ?seed \d+$/, "")}`,
    caption: `${about.label}: mean over the seeds that were measured, and the lowest and highest of them`,
    columns: [
      { title: "Epoch", values: x, write: format.quantity },
      { title: "Seeds", values: at(bands[0], "seeds"), write: format.quantity },
      ...bands.flatMap((each) => [
        { title: each.title, values: at(each, "mean"), write: format.number },
        { title: "lowest", values: at(each, "low"), write: format.number },
        { title: "highest", values: at(each, "high"), write: format.number },
      ]),
    ],
    more: (shown) => `The first ${shown} of ${format.quantity(x.length)} rows; the CSV has every seed's.`,
  };
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
