// The frames of a run that was looked into, and what is said of each. Nothing here draws.

import * as format from "../core/format.js";

/**
 * @typedef {{ light: string, dark: string }} Shade
 * @typedef {object} Boundary which class is named where
 * @property {number[][]} points of training rows: first input, second input, class
 * @property {number[]} low
 * @property {number[]} high
 * @property {number} side places along an edge
 * @property {number[][]} runs a frame: class, how many places in a row, class, ..., from the lowest row up
 * @property {Shade[]} colors of the classes; they repeat
 */

/**
 * @typedef {object} Surface the loss over two weights
 * @property {number[][]} path
 * @property {number[]} low
 * @property {number[]} high
 * @property {number} side
 * @property {number[]} loss from the lowest row up
 */

/**
 * @typedef {object} Arrows gradients at some frames
 * @property {number[]} frames
 * @property {number[][][]} tips along the full gradient, and across
 * @property {number[]} length of the full gradient
 * @property {number[]} distance of the batches from it, root mean square
 * @property {number[]} inPlane share of its square that is drawn
 * @property {number[]} examples of a batch
 * @property {number[]} batches of the epoch
 */

/**
 * @typedef {object} Inspection what frontend/inspection.py tells
 * @property {number[]} updates
 * @property {number[]} epochs
 * @property {number[]} loss
 * @property {string} lossName
 * @property {Shade} color
 * @property {number} trainingRows
 * @property {number} parameters
 * @property {Boundary | null} boundary
 * @property {Surface | null} surface
 * @property {Arrows | null} arrows
 */

/**
 * The moment, and the loss there.
 * @param {Inspection} inspection
 * @param {number} frame
 */
export function sentence({ updates, epochs, loss, lossName, surface }, frame) {
  const at = surface
    ? ` Weight ${format.number(surface.path[frame][0])}, bias ${format.number(surface.path[frame][1])}.`
    : "";
  const name = lossName === lossName.toUpperCase() ? lossName : lossName.toLowerCase();
  const when =
    updates[frame] === 0
      ? "Before the first update"
      : `After update ${format.quantity(updates[frame])}, epoch ${format.quantity(rounded(epochs[frame]))}`;
  return `${when}: training ${name} ${format.number(loss[frame])}.${at}`;
}

/**
 * In few words, for the slider.
 * @param {Inspection} inspection
 * @param {number} frame
 */
export function place({ updates }, frame) {
  return `Update ${format.quantity(updates[frame])} of ${format.quantity(updates[updates.length - 1])}`;
}

/**
 * The arrows that belong to a frame: the last that were taken until then.
 * @param {Arrows} arrows
 * @param {number} frame
 */
export function arrowsAt({ frames }, frame) {
  const later = frames.findIndex((each) => each > frame);
  return later === -1 ? frames.length - 1 : later - 1;
}

/**
 * What the arrows show, for those who do not see them and for those who do.
 * @param {Inspection} inspection
 * @param {number} which of the arrows
 */
export function arrowsSentence({ arrows, updates, trainingRows }, which) {
  if (!arrows) return "";
  const examples = arrows.examples[which];
  const when = updates[arrows.frames[which]];
  const moment = when === 0 ? "before the first update" : `after update ${format.quantity(when)}`;
  const full = format.number(arrows.length[which]);
  if (examples >= trainingRows)
    return `Gradient ${moment}: one batch holds all rows, and there is no scatter. It is ${full} long.`;
  const rows = examples === 1 ? "single rows" : `batches of ${format.quantity(examples)}`;
  const share = Math.round(100 * arrows.inPlane[which]);
  return (
    `Gradients ${moment}: that of all rows is ${full} long, those of ${rows} lie ` +
    `${format.number(arrows.distance[which])} from it (root mean square; ${share} % of its square is in the picture).`
  );
}

/**
 * The classes at every place of a frame.
 * @param {number[]} runs
 * @param {number} side
 */
export function unpacked(runs, side) {
  const classes = new Uint8Array(side * side);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    classes.fill(runs[i], at, at + runs[i + 1]);
    at += runs[i + 1];
  }
  return classes;
}

/**
 * The class at fractions 0 ... 1 of the edges: that of the nearest places, the nearer the more.
 * @param {Uint8Array} classes
 * @param {number} side
 * @param {number} across
 * @param {number} up
 */
export function classAt(classes, side, across, up) {
  const [x, y] = [across * (side - 1), up * (side - 1)];
  const [left, low] = [Math.min(Math.floor(x), side - 2), Math.min(Math.floor(y), side - 2)];
  const corner = low * side + left;
  const near = [classes[corner], classes[corner + 1], classes[corner + side], classes[corner + side + 1]];
  if (near.every((each) => each === near[0])) return near[0];
  const [dx, dy] = [x - left, y - low];
  const shares = [(1 - dx) * (1 - dy), dx * (1 - dy), (1 - dx) * dy, dx * dy];
  const of = (/** @type {number} */ one) =>
    shares.reduce((sum, share, i) => sum + (near[i] === one ? share : 0), 0);
  return near.reduce((best, one) => (of(one) > of(best) ? one : best));
}

/**
 * Losses that lines are drawn at: evenly spaced in log between the lowest and the highest, as few as are easily told
 * apart.
 * @param {number[]} loss
 * @param {number} count
 */
export function levels(loss, count) {
  const known = loss.filter((value) => Number.isFinite(value) && value > 0);
  if (!known.length) return [];
  const low = Math.log(Math.min(...known));
  const high = Math.log(Math.max(...known));
  return Array.from({ length: count }, (_, i) => Math.exp(low + ((high - low) * (i + 1)) / (count + 1)));
}

/**
 * The value between the places of a grid, at fractions 0 ... 1 of its edges.
 * @param {ArrayLike<number>} grid
 * @param {number} side
 * @param {number} across
 * @param {number} up
 */
export function between(grid, side, across, up) {
  const [x, y] = [across * (side - 1), up * (side - 1)];
  const [left, low] = [Math.min(Math.floor(x), side - 2), Math.min(Math.floor(y), side - 2)];
  const [dx, dy] = [x - left, y - low];
  const at = (/** @type {number} */ i, /** @type {number} */ j) => grid[(low + j) * side + left + i];
  return (at(0, 0) * (1 - dx) + at(1, 0) * dx) * (1 - dy) + (at(0, 1) * (1 - dx) + at(1, 1) * dx) * dy;
}

/** @param {number} epochs */
function rounded(epochs) {
  return Math.round(epochs * 100) / 100;
}
