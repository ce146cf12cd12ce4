// The batches of a run, one after the other, and what is said of each.

import * as format from "../core/format.js";

/**
 * @typedef {{ order: number[], batchSize: number, accumulation: number }} Epoch
 * @typedef {object} Dealing what frontend/dealing.py tells
 * @property {number} trainingRows
 * @property {number} validationRows
 * @property {number} seed
 * @property {number | null} updates until the end of the run; null where nobody knows before
 * @property {{ light: string, dark: string }} color
 * @property {Epoch[]} epochs
 */

/**
 * @typedef {object} Deal one batch
 * @property {number} epoch from 0, as are batch and update
 * @property {number} batch
 * @property {number} batches of its epoch
 * @property {number} update of its epoch
 * @property {number} updates of its epoch
 * @property {boolean} completes whether the update is made with it
 * @property {number[]} rows
 */

const TOLD = 12; // row numbers in a sentence

/**
 * @param {Dealing} dealing
 * @returns {Deal[]}
 */
export function dealsOf({ epochs, updates: planned }) {
  /** @type {Deal[]} */
  const deals = [];
  let before = 0;
  epochs.forEach(({ order, batchSize, accumulation }, epoch) => {
    const batches = Math.ceil(order.length / batchSize);
    const updates = Math.ceil(batches / accumulation);
    for (let batch = 0; batch < batches; batch += 1) {
      const update = Math.floor(batch / accumulation);
      if (planned !== null && before + update >= planned) break;
      deals.push({
        epoch,
        batch,
        batches,
        update,
        updates,
        completes: batch === batches - 1 || (batch + 1) % accumulation === 0,
        rows: order.slice(batch * batchSize, (batch + 1) * batchSize),
      });
    }
    before += updates;
  });
  return deals;
}

/**
 * @param {Deal | undefined} deal nothing before the first
 * @param {Dealing} dealing
 */
export function sentence(deal, { trainingRows, seed, epochs }) {
  if (!deal) {
    const order = `Epoch 1 visits them in an order of its own, drawn from seed ${format.quantity(seed)}.`;
    return `${format.quantity(trainingRows)} training rows. ${order}`;
  }
  const { rows, batch, batches } = deal;
  const whole = epochs[deal.epoch].batchSize;
  const left = rows.length < whole ? `, what is left over of batches of ${format.quantity(whole)}` : "";
  const numbers = rows
    .slice(0, TOLD)
    .map((row) => row + 1) // as rows are counted, and without a comma inside
    .join(", ");
  const more = rows.length > TOLD ? ` and ${format.quantity(rows.length - TOLD)} more` : "";
  const named =
    rows.length === 1 ? `row ${numbers}` : `${format.quantity(rows.length)} rows${left}: ${numbers}${more}`;
  return `${place(deal)}: ${named}. ${made(deal, batch === batches - 1)}`;
}

/** @param {Deal} deal */
export function place({ epoch, batch, batches }) {
  return `Epoch ${epoch + 1}, batch ${format.quantity(batch + 1)} of ${format.quantity(batches)}`;
}

/**
 * @param {Deal} deal
 * @param {boolean} last
 */
function made({ update, updates, completes }, last) {
  const done = `update ${format.quantity(update + 1)} of ${format.quantity(updates)}`;
  if (!completes) return `Its gradient waits for the others of ${done}.`;
  const end = last ? " Every training row was seen once." : "";
  return `The mean of their gradients makes ${done}.${end}`;
}
