// Just enough colour arithmetic to stay readable on any theme. Colours are [r, g, b] with 0 ... 255.

let pixel;

/** Any CSS colour -> [r, g, b], by letting the browser paint it. */
export function parse(css) {
  pixel ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
    willReadFrequently: true,
  });
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = "#888";
  pixel.fillStyle = css;
  pixel.fillRect(0, 0, 1, 1);
  return Array.from(pixel.getImageData(0, 0, 1, 1).data.subarray(0, 3));
}

export function hex(rgb) {
  return `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

export function mix(one, other, share) {
  return one.map((channel, i) => channel * (1 - share) + other[i] * share);
}

export function luminance(rgb) {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** `color` moved towards `ink` until text in it can be read on `ground` (WCAG AA by default). */
export function readable(color, ground, ink, wanted = 4.5) {
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(color, ink, share);
    if (contrast(candidate, ground) >= wanted) return candidate;
  }
  return ink;
}

export function translucent(rgb, alpha) {
  return `rgba(${rgb.map(Math.round).join(",")},${alpha})`;
}
