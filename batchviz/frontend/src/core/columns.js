// The growing columns of one recording: decoded from the feed, appended without copying what is there.

/** @typedef {ArrayLike<number>} Numbers a list of numbers of any kind, often a view of a column */

/**
 * Base64 of little-endian float32 (the byte order of every browser) -> Float32Array.
 * @param {string | undefined} text
 */
export function decodeFloat32(text) {
  const binary = atob(text ?? "");
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return new Float32Array(bytes.buffer, 0, bytes.length >> 2);
}

/**
 * The same the other way round.
 * @param {Float32Array} values
 */
export function encodeFloat32(values) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** A list of numbers that can grow; null becomes NaN. Capacity doubles, so appending stays cheap. */
export class Column {
  #values = new Float64Array(64);
  length = 0;

  /**
   * Write `values` from row `from` on; rows after them are dropped, so a resent tail replaces the old one.
   * @param {number} from
   * @param {ArrayLike<number | null>} values
   */
  write(from, values) {
    const length = from + values.length;
    if (length > this.#values.length) {
      const larger = new Float64Array(2 ** Math.ceil(Math.log2(length)));
      larger.set(this.#values.subarray(0, this.length));
      this.#values = larger;
    }
    for (let i = 0; i < values.length; i += 1) this.#values[from + i] = values[i] ?? NaN;
    this.length = length;
  }

  /** The rows so far, a view without a copy. */
  get values() {
    return this.#values.subarray(0, this.length);
  }

  get last() {
    return this.length ? this.#values[this.length - 1] : NaN;
  }
}

/**
 * First index whose value is greater than `value` in an ascending list.
 * @param {Numbers} ascending
 * @param {number} value
 */
export function upperBound(ascending, value) {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Index of the value nearest to `value` in an ascending list, -1 when the list is empty.
 * @param {Numbers} ascending
 * @param {number} value
 */
export function nearest(ascending, value) {
  const after = upperBound(ascending, value);
  if (after === 0) return ascending.length ? 0 : -1;
  if (after === ascending.length) return after - 1;
  return value - ascending[after - 1] <= ascending[after] - value ? after - 1 : after;
}

/**
 * Piecewise linear interpolation through (knots, values) at `x`; flat outside.
 * @param {Numbers} knots ascending
 * @param {Numbers} values
 * @param {number} x
 */
export function interpolate(knots, values, x) {
  if (!knots.length) return NaN;
  const after = upperBound(knots, x);
  if (after === 0) return values[0];
  if (after === knots.length) return values[after - 1];
  const share = (x - knots[after - 1]) / (knots[after] - knots[after - 1]);
  return values[after - 1] + share * (values[after] - values[after - 1]);
}
