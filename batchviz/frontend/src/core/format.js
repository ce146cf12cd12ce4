// Numbers as people read them, spelled as batchviz/text/numbers.py spells them: tests/shared/numbers.json is the law.

const ABSENT = "–"; // for what was not measured
const MIN_PLAIN = 0.00009995; // is rounded to 0.0001; what is smaller has an exponent
const MIN_LARGE = 999_999.5; // is rounded to 1e6, and has one
const SIGNIFICANT = /** @type {const} */ ({ useGrouping: true, maximumSignificantDigits: 3 });

const threeDigits = new Intl.NumberFormat("en", SIGNIFICANT);
const fourDigits = new Intl.NumberFormat("en", { ...SIGNIFICANT, maximumSignificantDigits: 4 });
const exponent = new Intl.NumberFormat("en", { ...SIGNIFICANT, notation: "scientific" });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** @typedef {number | null | undefined} Measured a number, or what was not measured */

/**
 * A measured value, in about three digits: 0.0841, 12.3, 8,000, 1.3e7; a dash for what was not measured.
 * @param {Measured} value
 */
export function number(value) {
  return spelled(value, (size) => {
    if (size >= MIN_LARGE || (size > 0 && size < MIN_PLAIN)) {
      return exponent.format(size).replace("E", "e").replace("-", "−");
    }
    return (size < 100 ? threeDigits : whole).format(size);
  });
}

/**
 * A difference, which says which way it goes: +0.0121, −0.5, 0.
 * @param {Measured} value
 */
export function signed(value) {
  return (value ?? NaN) > 0 ? `+${number(value)}` : number(value);
}

/**
 * How many, or how far: 12,800, and with decimals only where it has them: 3.25, 1,559.7.
 * @param {Measured} value
 */
export function quantity(value) {
  return spelled(value, (size) => (size < 1000 ? fourDigits : oneDecimal).format(size));
}

/**
 * A measured time, rounded before its unit is chosen: 59.97 s is a minute, not "60.0 s".
 * @param {Measured} seconds
 */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return ABSENT;
  if (seconds < 0.9995e-3) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.00995) return `${(seconds * 1e3).toFixed(1)} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  const total = Math.round(seconds);
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  const minutes = Math.round(total / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * The sign, and what has no digits.
 * @param {Measured} value
 * @param {(size: number) => string} spell
 */
function spelled(value, spell) {
  if (value === null || value === undefined || Number.isNaN(value)) return ABSENT;
  const size = Math.abs(value);
  const text = Number.isFinite(size) ? spell(size) : "∞";
  return value < 0 ? `−${text}` : text;
}
