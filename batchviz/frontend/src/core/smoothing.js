/**
 * Exponential moving average with bias correction: the first value is kept as it is, not pulled towards zero.
 * `weight` in [0, 1) is the share of the past; 0 returns the values untouched. Values that are not finite are
 * passed through and do not enter the average.
 * @param {Float64Array} values
 * @param {number} weight
 */
export function exponentialAverage(values, weight) {
  if (!weight) return values;
  const smooth = new Float64Array(values.length);
  let average = 0;
  let correction = 1;
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) {
      smooth[i] = values[i];
      continue;
    }
    average = weight * average + (1 - weight) * values[i];
    correction *= weight;
    smooth[i] = average / (1 - correction);
  }
  return smooth;
}
