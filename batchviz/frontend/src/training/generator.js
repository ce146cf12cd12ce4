// NumPy's default generator of random numbers, bit for bit: a SeedSequence starts a PCG64 (O'Neill 2014, XSL-RR
// 128/64), whose 64 bits are drawn in halves. The same seeds draw here what numpy.random.default_rng draws.

const LIMBS = 8; // of 16 bits, the lowest first: Numbers hold their products and sums exactly
const MULTIPLIER = [0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360];
const POOL = 4; // words of 32 bits that the seeds are mixed into

export class Generator {
  /** @type {number[]} 128 bits */
  #state = Array.from({ length: LIMBS }, () => 0);
  #increment;
  /** @type {number | null} the upper half of the last 64 bits, where it was not taken yet */
  #half = null;

  /** @param {number[]} seeds whole numbers below 2 ** 32 */
  constructor(seeds) {
    const words = seedWords(seeds);
    const start = limbs(words.slice(0, 4));
    const stream = limbs(words.slice(4));
    this.#increment = stream.map((limb, i) => ((limb << 1) | (i ? stream[i - 1] >>> 15 : 1)) & 0xffff);
    this.#advance();
    add(this.#state, start);
    this.#advance();
  }

  /** A whole number below 2 ** 32. */
  next() {
    const half = this.#half;
    if (half !== null) {
      this.#half = null;
      return half;
    }
    this.#advance();
    const s = this.#state;
    const low = ((s[0] | (s[1] << 16)) ^ (s[4] | (s[5] << 16))) | 0;
    const high = ((s[2] | (s[3] << 16)) ^ (s[6] | (s[7] << 16))) | 0;
    const turn = s[7] >>> 10;
    const [upper, lower] = turn & 32 ? [low, high] : [high, low];
    this.#half = turned(upper, lower, turn & 31);
    return turned(lower, upper, turn & 31);
  }

  /**
   * A whole number up to `most`, each as likely: draws beyond it are thrown away, as NumPy does where it shuffles.
   * @param {number} most from 1 to below 2 ** 32
   */
  upTo(most) {
    const mask = 0xffffffff >>> Math.clz32(most);
    let drawn = most + 1;
    while (drawn > most) drawn = (this.next() & mask) >>> 0;
    return drawn;
  }

  /** state = state * MULTIPLIER + increment, in 128 bits. */
  #advance() {
    const state = this.#state;
    const next = [...this.#increment];
    let carry = 0;
    for (let k = 0; k < LIMBS; k += 1) {
      let sum = next[k] + carry;
      for (let i = 0; i <= k; i += 1) sum += state[i] * MULTIPLIER[k - i];
      next[k] = sum % 0x10000;
      carry = Math.floor(sum / 0x10000);
    }
    this.#state = next;
  }
}

/**
 * A word shifted right, with what the other one gives to its upper end.
 * @param {number} word
 * @param {number} other
 * @param {number} by fewer than 32 bits
 */
function turned(word, other, by) {
  return (by ? (word >>> by) | (other << (32 - by)) : word) >>> 0;
}

/**
 * Eight words of 32 bits: SeedSequence(seeds).generate_state(8).
 * @param {number[]} seeds at most as many as the pool has words
 */
function seedWords(seeds) {
  const mix = hash(0x43b0d7e5, 0x931e8875);
  const pool = Array.from({ length: POOL }, (_, i) => mix(seeds[i] ?? 0));
  for (let from = 0; from < POOL; from += 1) {
    for (let to = 0; to < POOL; to += 1) {
      if (from === to) continue;
      const mixed = Math.imul(0xca01f9dd, pool[to]) - Math.imul(0x4973f715, mix(pool[from]));
      pool[to] = (mixed ^ (mixed >>> 16)) >>> 0;
    }
  }
  const draw = hash(0x8b51f9dd, 0x58f38ded);
  return Array.from({ length: 2 * POOL }, (_, i) => draw(pool[i % POOL]));
}

/**
 * A hash of words of 32 bits that is another one at each call.
 * @param {number} constant
 * @param {number} factor
 */
function hash(constant, factor) {
  return (/** @type {number} */ word) => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, factor);
    const product = Math.imul(mixed, constant);
    return (product ^ (product >>> 16)) >>> 0;
  };
}

/**
 * 128 bits from four words of 32, as NumPy hands them over: two of 64 bits, the upper one first, each lower half first.
 * @param {number[]} words
 */
function limbs([c, d, a, b]) {
  return [a, b, c, d].flatMap((word) => [word & 0xffff, word >>> 16]);
}

/**
 * Add a number of 128 bits to another, in place.
 * @param {number[]} to
 * @param {number[]} other
 */
function add(to, other) {
  let carry = 0;
  for (let i = 0; i < LIMBS; i += 1) {
    const sum = to[i] + other[i] + carry;
    to[i] = sum & 0xffff;
    carry = sum >>> 16;
  }
}
