// The activations, as TensorFlow computes them: what a unit answers to the sum that comes in, and how that grows.

/** @typedef {{ value: (sum: number) => number, slope: (sum: number, value: number) => number }} Activation */

const { exp, expm1, SQRT1_2, PI } = Math;
const DENSITY_AT_0 = 1 / Math.sqrt(2 * PI); // of the standard normal distribution

/** @type {Record<import("./problem.js").Activation, Activation>} */
export const ACTIVATIONS = {
  relu: { value: (sum) => (sum < 0 ? 0 : sum), slope: (_, value) => (value > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (_, value) => 1 - value * value },
  sigmoid: { value: logistic, slope: (_, value) => value * (1 - value) },
  elu: {
    value: (sum) => (sum < 0 ? expm1(sum) : sum),
    slope: (_, value) => (value < 0 ? value + 1 : 1),
  },
  gelu: {
    value: (sum) => sum * normal(sum),
    slope: (sum) => normal(sum) + sum * DENSITY_AT_0 * exp((-sum * sum) / 2),
  },
  silu: {
    value: (sum) => sum * logistic(sum),
    slope: (sum) => logistic(sum) * (1 + sum * (1 - logistic(sum))),
  },
  linear: { value: (sum) => sum, slope: () => 1 },
};

/** @param {number} sum */
function logistic(sum) {
  return 1 / (1 + exp(-sum));
}

/**
 * The share of a standard normal distribution below `sum`. In float32, as there: far below 0 nothing is left of it.
 * @param {number} sum
 */
function normal(sum) {
  return (1 + Math.fround(errorFunction(sum * SQRT1_2))) / 2;
}

/**
 * To 1e-7: a polynomial in x over one in x squared, fitted within [-4, 4], beyond which it is 1 in float32.
 * @param {number} x
 */
function errorFunction(x) {
  const t = x > 4 ? 4 : x < -4 ? -4 : x;
  const s = t * t;
  const above =
    -1.60960333262415e-2 +
    s *
      (-2.95459980854025e-3 +
        s *
          (-7.34990630326855e-4 +
            s *
              (-5.69250639462346e-5 +
                s * (-2.10102402082508e-6 + s * (2.77068142495902e-8 - s * 2.72614225801306e-10)))));
  const below =
    -1.42647390514189e-2 +
    s *
      (-7.37332916720468e-3 +
        s * (-1.68282697438203e-3 + s * (-2.13374055278905e-4 - s * 1.45660718464996e-5)));
  return (t * above) / below;
}
