// The weights with which Keras begins a dense network on TensorFlow: Glorot's uniform kernels, biases of zero.
//
// A layer's seed is scrambled and expanded by Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as
// 1, 2, 3") as TensorFlow's stateless operations do it; tests/frontend/test_training.py holds every bit to Keras.

/** @typedef {[number, number, number, number]} Counter four unsigned integers of 32 bits */
/** @typedef {[number, number]} Key */

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57];
const WEYL = [0x9e3779b9, 0xbb67ae85]; // what the key grows by from round to round
/** @type {Key} */
const SCRAMBLING = [0x3ec8f720, 0x02461e29];
const MANTISSA = 0x7fffff;
const ONE = 0x3f800000; // the bits of 1 as a float32

/**
 * Kernel (inputs x outputs) and bias of one layer after the other.
 * @param {number[]} widths of the inputs, the hidden layers and the outputs
 * @param {number[]} seeds of the layers
 */
export function initialWeights(widths, seeds) {
  const size = seeds.reduce((sum, _, layer) => sum + (widths[layer] + 1) * widths[layer + 1], 0);
  const weights = new Float32Array(size);
  let start = 0;
  seeds.forEach((seed, layer) => {
    const [inputs, outputs] = [widths[layer], widths[layer + 1]];
    weights.set(glorot(seed, inputs, outputs), start);
    start += (inputs + 1) * outputs;
  });
  return weights;
}

/**
 * @param {number} seed
 * @param {number} inputs
 * @param {number} outputs
 */
function glorot(seed, inputs, outputs) {
  const limit = Math.sqrt(6 / (inputs + outputs));
  const [low, high] = [Math.fround(-limit), Math.fround(limit)];
  const spread = Math.fround(high - low);
  return unit(seed, inputs * outputs).map((share) => Math.fround(share * spread) + low);
}

/**
 * Uniform on [0, 1).
 * @param {number} seed
 * @param {number} count
 */
function unit(seed, count) {
  const [first, second, third, fourth] = philox([seed, 0, 0, 0], SCRAMBLING);
  const shares = new Float32Array(count);
  const bits = new Uint32Array(shares.buffer);
  for (let at = 0; at < count; at += 4) {
    const four = philox([at / 4, 0, third, fourth], [first, second]);
    for (let i = 0; i < 4 && at + i < count; i += 1) {
      bits[at + i] = (four[i] & MANTISSA) | ONE;
      shares[at + i] -= 1;
    }
  }
  return shares;
}

/**
 * Four random numbers.
 * @param {Counter} counter
 * @param {Key} key
 * @returns {Counter}
 */
function philox([a, b, c, d], [first, second]) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [low, high] = product(MULTIPLIERS[0], a);
    const [otherLow, otherHigh] = product(MULTIPLIERS[1], c);
    [a, b, c, d] = [(otherHigh ^ b ^ first) >>> 0, otherLow, (high ^ d ^ second) >>> 0, low];
    first = (first + WEYL[0]) >>> 0;
    second = (second + WEYL[1]) >>> 0;
  }
  return [a, b, c, d];
}

/**
 * The lower and the upper 32 bits of a product.
 * @param {number} a
 * @param {number} b
 */
function product(a, b) {
  const whole = BigInt(a) * BigInt(b);
  return [Number(whole & 0xffffffffn), Number(whole >> 32n)];
}
