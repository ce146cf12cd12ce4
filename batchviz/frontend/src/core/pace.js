// Seconds on a clock: what the updates of a run take in steady state. The definition is batchviz/analysis/pace.py, which
// tests/shared/pace.json holds both to.

/** @typedef {import("./payload.js").Stretch} Stretch */

/**
 * Seconds of so many updates from the start.
 * @param {Stretch[]} stretches
 * @param {number} updates
 */
export function secondsOf(stretches, updates) {
  let seconds = 0;
  for (const [i, [start, each, update, epoch]] of stretches.entries()) {
    const end = stretches[i + 1]?.[0] ?? Infinity;
    const made = Math.min(Math.max(updates - start, 0), end - start);
    const epochs = Math.floor(made / each);
    seconds += epochs * epoch + (made - epochs * each) * update;
  }
  return seconds;
}
