// What a card says in numbers: of a run its end and its best, of several seeds their mean and how far they spread.

import * as format from "../core/format.js";

/**
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {[string, string, (string | undefined)?, string?]} Pair a term, its value, what explains it, and its card
 */

const GAP =
  "Validation loss minus training loss at the end of the last epoch. A growing gap means that the network learns its own rows better than what they have in common.";
const TOOK =
  "Seconds of training as they passed, beside whatever else the machine did. They change from run to run: to compare batch sizes, draw the curves over seconds.";

/**
 * @param {Recording} run
 * @returns {Pair[]}
 */
export function runNumbers(run) {
  const { about, epochs, epochRows } = run;
  if (!epochRows || !about) return [];
  const measured = measures(run);
  return [
    [`Validation ${about.loss_name}`, format.number(measured.validation), undefined, "validation_loss"],
    [
      "Best",
      measured.bestEpoch === null
        ? format.number(measured.best)
        : `${format.number(measured.best)} · ${when(measured.bestEpoch)}`,
    ],
    [`Validation ${about.metric_name}`, format.number(epochs.val_metric.last), undefined, metricCard(about)],
    ["Gap", format.signed(measured.gap), GAP, "gap"],
    ["Updates", updatesInEpochs(measured), undefined, "update"],
    ["Took", format.duration(measured.seconds), TOOK, "clock"],
  ];
}

/**
 * Over the seeds that are done, or while none is, over those that train.
 * @param {import("./groups.js").Group} group
 * @returns {Pair[]}
 */
export function groupNumbers(group) {
  const { summarized } = group;
  const about = group.lead.about;
  if (!summarized.length || !about) return [];
  const each = summarized.map((run) => ({ ...measures(run), metric: run.epochs.val_metric.last }));
  const over = `Over ${summarized.length === 1 ? "1 seed" : `${summarized.length} seeds`}`;
  /** @param {keyof typeof each[0]} name */
  const spread = (name) => meanAndRange(each.map((measured) => measured[name] ?? NaN));
  return [
    [
      `Validation ${about.loss_name}`,
      spread("validation"),
      `${over}: the mean, and the lowest to the highest. Seeds that end far apart leave much to chance.`,
      "validation_loss",
    ],
    [
      `Validation ${about.metric_name}`,
      spread("metric"),
      `${over}: the mean, and the lowest to the highest. Seeds that end far apart leave much to chance.`,
      metricCard(about),
    ],
    ["Gap", format.signed(mean(each.map(({ gap }) => gap ?? NaN))), `${over}: mean. ${GAP}`, "gap"],
    [
      "Updates, each",
      updatesInEpochs({
        updates: mean(each.map(({ updates }) => updates)),
        epochs: mean(each.map(({ epochs }) => epochs)),
      }),
      `${over}: the mean. An update is one step of all weights, whatever the batch size.`,
      "update",
    ],
    [
      "Took, each",
      format.duration(mean(each.map(({ seconds }) => seconds))),
      `${over}: mean. ${TOOK}`,
      "clock",
    ],
  ];
}

/** @param {import("./recording.js").About} about */
function metricCard({ metric_name: name }) {
  return name === "MAE" ? "mae" : "accuracy";
}

/**
 * "epoch 9"; within an epoch, where it is measured as well, how much was trained until then: "after 9.67 epochs".
 * @param {number} epochs
 */
function when(epochs) {
  return Number.isInteger(epochs)
    ? `epoch ${format.quantity(epochs)}`
    : `after ${format.number(epochs)} epochs`;
}

/**
 * "250 in 10 epochs": what a race makes equal, and what it then does not.
 * @param {{ updates: number, epochs: number }} made
 */
function updatesInEpochs({ updates, epochs }) {
  if (!Number.isFinite(epochs)) return format.quantity(updates);
  return `${format.quantity(updates)} in ${format.quantity(epochs)} ${epochs === 1 ? "epoch" : "epochs"}`;
}

/**
 * "0.0841 (0.0829 to 0.0853)"; a single value without a range.
 * @param {number[]} values
 */
function meanAndRange(values) {
  const finite = values.filter(Number.isFinite);
  if (!finite.length) return format.number(NaN);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const range = finite.length > 1 ? ` (${format.number(low)} to ${format.number(high)})` : "";
  return `${format.number(mean(finite))}${range}`;
}

/** @param {number[]} values */
function mean(values) {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

/**
 * The feed's final values where there are some, otherwise what the points so far say.
 * @param {Recording} run one that the feed has summarized about
 */
function measures(run) {
  const { epochs } = run;
  const { final, progress } = /** @type {import("./recording.js").About} */ (run.about);
  const losses = epochs.val_loss.values;
  let best = -1;
  for (let i = 0; i < losses.length; i += 1)
    if (Number.isFinite(losses[i]) && (best < 0 || losses[i] < losses[best])) best = i;
  return {
    validation: final.val_loss ?? epochs.val_loss.last,
    best: final.best_val_loss ?? losses[best],
    bestEpoch: final.best_epoch ?? (best < 0 ? null : run.epochX("epochs")[best]),
    gap: final.gap ?? epochs.val_loss.last - epochs.train_loss.last,
    epochs: run.epochX("epochs").at(-1) ?? NaN,
    updates: final.updates ?? Math.max(progress.updates ?? 0, epochs.updates.last),
    seconds: final.seconds ?? Math.max(progress.seconds ?? 0, epochs.seconds.last),
  };
}
