// The panels: the boundary between classes, the path over the loss of two weights, the gradients of batches.

import { hex, mix, parse, translucent } from "../core/color.js";
import * as format from "../core/format.js";
import { Square, shaded } from "./drawing.js";
import { arrowsAt, between, classAt, levels, unpacked } from "./frames.js";

/**
 * @typedef {import("./frames.js").Inspection} Inspection
 * @typedef {import("./drawing.js").Look} Look
 * @typedef {(canvas: HTMLCanvasElement, inspection: Inspection, frame: number, look: Look) => void} Draw
 */

const SIDE = 340;
const LEVELS = 11;
const ARROWS_HEIGHT = 260;

/** @type {Draw} */
export function drawBoundary(canvas, { boundary }, frame, look) {
  if (!boundary) return;
  const square = new Square(canvas, SIDE, SIDE);
  const { side, colors, low, high, points } = boundary;
  const classes = unpacked(boundary.runs[frame], side);
  const inks = colors.map((color) => parse(shaded(color, look)));
  const grounds = inks.map((ink) => mix(parse(look.ground), ink, look.dark ? 0.32 : 0.24));
  square.fill((across, up) => {
    return grounds[classAt(classes, side, across, up) % grounds.length];
  });
  const at = square.scale(low, high);
  for (const [x, y, label] of points) square.dot(at([x, y]), 3, hex(inks[label % inks.length]), look.ground);
}

/** @type {Draw} */
export function drawSurface(canvas, { surface, color }, frame, look) {
  if (!surface) return;
  const square = new Square(canvas, SIDE, SIDE);
  const { side, loss, low, high, path } = surface;
  const edges = levels(loss, LEVELS);
  const [ink, ground] = [parse(look.ink), parse(look.ground)];
  square.fill((across, up) => {
    const here = between(loss, side, across, up);
    const above = edges.findIndex((edge) => here < edge);
    const band = above === -1 ? LEVELS : above;
    return mix(ground, ink, 0.04 + (0.44 * band) / LEVELS);
  });
  const at = square.scale(low, high);
  const way = path.slice(0, frame + 1).map(at);
  const shade = shaded(color, look);
  square.line(way, look.ground, 4);
  square.line(way, shade, 2);
  if (path.length <= 120) for (const place of way) square.dot(place, 2.2, shade);
  square.dot(way[0], 4, look.ground, look.ink);
  square.dot(way[way.length - 1], 5, shade, look.ground);
}

/** @type {Draw} */
export function drawArrows(canvas, { arrows, color }, frame, look) {
  if (!arrows) return;
  const square = new Square(canvas, SIDE, ARROWS_HEIGHT);
  const which = arrowsAt(arrows, frame);
  const [tips, length] = [arrows.tips[which], arrows.length[which]];
  const { scale, start } = fitted(tips, length);
  /**
   * @param {number[]} tip
   * @returns {[number, number]}
   */
  const at = ([along, across]) => [start[0] + across * scale, start[1] - along * scale];
  const shade = shaded(color, look);
  const pale = translucent(parse(shade), 0.55);
  for (const tip of tips) square.line([start, at(tip)], pale, 1);
  for (const tip of tips) square.dot(at(tip), 2.2, shade);
  const end = at([length, 0]);
  square.line([start, end], look.ink, 3);
  const head = Math.min(8, Math.max(3, (start[1] - end[1]) / 3));
  square.line([[end[0] - head / 1.6, end[1] + head], end, [end[0] + head / 1.6, end[1] + head]], look.ink, 3);
  const bar = round(60 / scale);
  const y = ARROWS_HEIGHT - 10;
  square.line(
    [
      [10, y],
      [10 + bar * scale, y],
    ],
    look.ink,
    1.5,
  );
  square.words(format.number(bar), [16 + bar * scale, y + 4], look.ink);
}

/**
 * Pixels a unit, and where the arrows begin.
 * @param {number[][]} tips
 * @param {number} length
 * @returns {{ scale: number, start: [number, number] }}
 */
function fitted(tips, length) {
  const along = [0, length, ...tips.map(([value]) => value)];
  const across = [0, ...tips.map(([, value]) => value)];
  const [low, high, left, right] = [
    Math.min(...along),
    Math.max(...along),
    Math.min(...across),
    Math.max(...across),
  ];
  const [roomX, roomY] = [SIDE - 24, ARROWS_HEIGHT - 52];
  const scale = Math.min(roomX / Math.max(right - left, 1e-12), roomY / Math.max(high - low, 1e-12));
  const start = /** @type {[number, number]} */ ([
    SIDE / 2 - ((left + right) / 2) * scale,
    12 + roomY / 2 + ((low + high) / 2) * scale,
  ]);
  return { scale, start };
}

/**
 * One digit, 1, 2 or 5, at most the value.
 * @param {number} value
 */
function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([5, 2, 1].find((digit) => digit * power <= value) ?? 1);
}
