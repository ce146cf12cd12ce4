// The order in which rows are visited, as batchviz/experiment/order.py says it.

import { Generator } from "./generator.js";

/**
 * Every row number once: numpy.random.default_rng([seed, epoch]).permutation(rows). Epochs count from 0.
 * @param {number} rows
 * @param {number} seed
 * @param {number} epoch
 */
export function order(rows, seed, epoch) {
  const generator = new Generator([seed, epoch]);
  const visit = Int32Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last -= 1) {
    const other = generator.upTo(last);
    const row = visit[last];
    visit[last] = visit[other];
    visit[other] = row;
  }
  return visit;
}
