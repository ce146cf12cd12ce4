// Just enough colour arithmetic to stay readable on any theme.

/** @typedef {number[]} RGB red, green and blue, each 0 ... 255 */

/** @type {CanvasRenderingContext2D | undefined} */
let pixel;

/**
 * Any CSS colour -> RGB: #rrggbb is read, others are painted by the browser.
 * @param {string} css
 * @returns {RGB}
 */
export function parse(css) {
  if (/^#[0-9a-f]{6}$/i.test(css)) return [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16));
  pixel ??= /** @type {CanvasRenderingContext2D} */ (
    Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
      willReadFrequently: true,
    })
  );
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = "#888";
  pixel.fillStyle = css;
  pixel.fillRect(0, 0, 1, 1);
  return Array.from(pixel.getImageData(0, 0, 1, 1).data.subarray(0, 3));
}

/** @param {RGB} rgb */
export function hex(rgb) {
  return `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * @param {RGB} from
 * @param {RGB} to
 * @param {number} share 0 is `from`, 1 is `to`
 */
export function mix(from, to, share) {
  return from.map((channel, i) => channel * (1 - share) + to[i] * share);
}

/**
 * Relative luminance, by WCAG 2's definition: 0 for black, 1 for white.
 * @param {RGB} rgb
 */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Contrast ratio of two colours, by WCAG 2's definition: 1 to 21.
 * @param {RGB} first
 * @param {RGB} second
 */
function contrast(first, second) {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * `color` moved towards `ink` until text in it can be read on `ground` (WCAG AA by default).
 * @param {RGB} color
 * @param {RGB} ground
 * @param {RGB} ink
 * @param {number} [ratio] the least contrast
 */
export function readable(color, ground, ink, ratio = 4.5) {
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(color, ink, share);
    if (contrast(candidate, ground) >= ratio) return candidate;
  }
  return ink;
}

/**
 * @param {RGB} rgb
 * @param {number} alpha 0 ... 1
 */
export function translucent(rgb, alpha) {
  return `rgba(${rgb.map(Math.round).join(",")},${alpha})`;
}
