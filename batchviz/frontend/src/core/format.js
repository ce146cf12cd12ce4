// Numbers as people read them.

/** About three significant digits: 0.0841, 1.27, 0.00032, 1.3e7; a dash for what was not measured. */
export function value(number) {
  if (number === null || number === undefined || Number.isNaN(number)) return "–";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  if (size === 0) return "0";
  if (size < 1e-4 || size >= 1e5) return number.toExponential(2).replace("e+", "e").replace("-", "−");
  const digits = size >= 100 ? 1 : size >= 1 ? 3 : size >= 0.01 ? 4 : 5;
  return number.toFixed(digits).replace("-", "−");
}

export function signed(number) {
  return number > 0 ? `+${value(number)}` : value(number);
}

/** 12800 -> "12,800" */
export function count(number) {
  return number === null || number === undefined || Number.isNaN(number)
    ? "–"
    : Math.round(number).toLocaleString("en");
}

/** Epochs, with one decimal only where it says something. */
export function epochs(number) {
  if (Number.isInteger(Math.round(number * 1000) / 1000)) return count(number);
  const digits = number < 10 ? 2 : 1;
  return number.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Rounded before the unit is chosen: 59.97 s is a minute, not "60.0 s". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
  if (seconds < 0.9995e-3) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.00995) return `${(seconds * 1e3).toFixed(1)} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Floors that are simple fractions are named by them: 1/12 says more than 0.0833. */
export function fraction(number) {
  for (let below = 2; below <= 20; below += 1) {
    const above = Math.round(number * below);
    if (above > 0 && Math.abs(number - above / below) < 2e-4)
      return above % below ? `${above}/${below}` : `${above / below}`;
  }
  const text = value(number);
  return /^\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}
