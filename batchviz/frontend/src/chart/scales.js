// Between the values of a panel's axes and the pixels of the picture.

/**
 * @typedef {object} Plane a panel's plane in the picture; lengths in pixels
 * @property {number} left
 * @property {number} top
 * @property {number} wide
 * @property {number} high
 * @property {(left: number) => number} xAt the value at a pixel
 * @property {(x: number) => number} across the pixel of a value
 * @property {(y: number) => number} down
 * @property {(left: number, top: number, slack?: number) => boolean} holds
 */

/**
 * A value in the units of the axis' range.
 * @param {import("./scene.js").Axis} axis
 * @param {number} value
 */
export function scaled(axis, value) {
  return axis.log ? Math.log10(value) : value;
}

/**
 * The planes of all panels, where `arrange` put them.
 * @param {import("./scene.js").Scene} scene
 * @param {import("./panels.js").Arrangement} arrangement
 * @returns {Plane[]}
 */
export function planes({ panels }, { boxes }) {
  return panels.map(({ x, y }, i) => {
    const { left, top, wide, high } = boxes[i];
    const [x0, x1] = x.range;
    const [y0, y1] = y.range;
    return {
      left,
      top,
      wide,
      high,
      xAt: (pixel) => {
        const at = x0 + ((pixel - left) / wide) * (x1 - x0);
        return x.log ? 10 ** at : at;
      },
      across: (value) => left + ((scaled(x, value) - x0) / (x1 - x0)) * wide,
      down: (value) => top + (1 - (scaled(y, value) - y0) / (y1 - y0)) * high,
      holds: (pixelX, pixelY, slack = 1) =>
        pixelX >= left - slack &&
        pixelX <= left + wide + slack &&
        pixelY >= top - slack &&
        pixelY <= top + high + slack,
    };
  });
}
