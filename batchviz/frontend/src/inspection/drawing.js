// What the panels of a run that was looked into have in common: a square that maps numbers to pixels, and its colours.

/**
 * @typedef {import("./frames.js").Shade} Shade
 * @typedef {object} Look the colours of the page
 * @property {boolean} dark
 * @property {string} ink
 * @property {string} ground
 */

const RATIO = 2; // pixels of the picture for one of the page: sharp on most screens

export class Square {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} width in pixels of the page
   * @param {number} height
   */
  constructor(canvas, width, height) {
    Object.assign(canvas, { width: width * RATIO, height: height * RATIO });
    this.width = width;
    this.height = height;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
    this.context.lineJoin = this.context.lineCap = "round";
  }

  /**
   * Where two numbers lie, the second one upwards.
   * @param {number[]} low
   * @param {number[]} high
   * @returns {(place: number[]) => [number, number]}
   */
  scale(low, high) {
    return ([x, y]) => [
      ((x - low[0]) / (high[0] - low[0])) * this.width,
      (1 - (y - low[1]) / (high[1] - low[1])) * this.height,
    ];
  }

  /**
   * Every pixel of the page by itself.
   * @param {(across: number, up: number) => number[]} colorAt fractions 0 ... 1 -> red, green, blue
   */
  fill(colorAt) {
    const { width, height } = this;
    const image = new ImageData(width, height);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const rgb = colorAt(column / (width - 1), 1 - row / (height - 1));
        image.data.set([rgb[0], rgb[1], rgb[2], 255], 4 * (row * width + column));
      }
    }
    const small = Object.assign(document.createElement("canvas"), { width, height });
    small.getContext("2d")?.putImageData(image, 0, 0);
    this.context.drawImage(small, 0, 0, width, height);
  }

  /**
   * @param {[number, number][]} places in pixels
   * @param {string} color
   * @param {number} width
   */
  line(places, color, width) {
    const { context } = this;
    context.beginPath();
    for (const [x, y] of places) context.lineTo(x, y);
    Object.assign(context, { strokeStyle: color, lineWidth: width });
    context.stroke();
  }

  /**
   * @param {[number, number]} place in pixels
   * @param {number} radius
   * @param {string} color
   * @param {string} [edge]
   */
  dot([x, y], radius, color, edge) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    if (!edge) return;
    Object.assign(context, { strokeStyle: edge, lineWidth: 1.5 });
    context.stroke();
  }

  /**
   * @param {string} text
   * @param {[number, number]} place
   * @param {string} color
   * @param {CanvasTextAlign} [align]
   */
  words(text, [x, y], color, align = "left") {
    Object.assign(this.context, { fillStyle: color, font: "12px system-ui, sans-serif", textAlign: align });
    this.context.fillText(text, x, y);
  }
}

/**
 * @param {Shade} shade
 * @param {Look} look
 */
export function shaded(shade, { dark }) {
  return dark ? shade.dark : shade.light;
}

/**
 * The page's colours as they are now.
 * @param {HTMLElement} node on the page
 * @returns {Look}
 */
export function lookOf(node) {
  const style = getComputedStyle(node);
  const dark = style.colorScheme.includes("dark") && !style.colorScheme.includes("light");
  return { dark, ink: style.color, ground: dark ? "#1a1d23" : "#ffffff" };
}
