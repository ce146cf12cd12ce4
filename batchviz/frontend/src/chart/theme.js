// Streamlit's theme, as its --st-* variables give it, in the few tones that the component uses.

import { hex, luminance, mix, parse, readable } from "../core/color.js";

const WHITE = [255, 255, 255];
const DARK = 0.2; // luminance of a page below which it is one

/**
 * @typedef {object} Theme tones as [r, g, b]
 * @property {boolean} dark
 * @property {number[]} panel
 * @property {number[]} ink
 * @property {number[]} muted
 * @property {number[]} line
 * @property {number[]} grid
 * @property {string} font
 * @property {string} signature differs when anything of the theme does
 */

/**
 * The tones of a page: every text in them can be read on its ground.
 * @param {number[]} page
 * @param {number[]} ink
 * @param {number[]} accent
 */
export function tonesOf(page, ink, accent) {
  const dark = luminance(page) < DARK;
  // Panels are white on an off-white page; on a dark page they are one step lighter than it.
  const panel = dark ? mix(page, WHITE, 0.045) : WHITE;
  return {
    page,
    panel,
    ink,
    muted: readable(mix(ink, panel, 0.4), panel, ink, 5.2),
    line: mix(panel, ink, dark ? 0.16 : 0.12),
    grid: mix(panel, ink, dark ? 0.1 : 0.075),
    control: readable(mix(panel, ink, 0.35), panel, ink, 3.1),
    accent,
    "accent-text": readable(accent, panel, ink),
    "on-accent": luminance(accent) > 0.3 ? [16, 18, 24] : WHITE,
    tint: mix(panel, accent, dark ? 0.18 : 0.09),
    good: readable(parse(dark ? "#4cc38a" : "#18794e"), mix(panel, parse("#30a46c"), 0.14), ink),
    "good-ground": mix(panel, parse("#30a46c"), dark ? 0.16 : 0.12),
    busy: readable(parse(dark ? "#7aa2ff" : "#2b54c6"), mix(panel, parse("#4c7bff"), 0.16), ink),
    "busy-ground": mix(panel, parse("#4c7bff"), dark ? 0.2 : 0.11),
    bad: readable(parse(dark ? "#ff9592" : "#c62a2f"), mix(panel, parse("#e5484d"), 0.16), ink),
    "bad-ground": mix(panel, parse("#e5484d"), dark ? 0.2 : 0.1),
    "calm-ground": mix(panel, ink, 0.07),
  };
}

/**
 * Read the theme at `root`, and hand the derived tones to the style sheet as --bv-* variables.
 * @param {HTMLElement} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const variable = (/** @type {string} */ name, /** @type {string} */ otherwise) =>
    parse(style.getPropertyValue(`--st-${name}`).trim() || otherwise);
  const page = variable("background-color", "#f7f7f5");
  const dark = luminance(page) < DARK;
  const tones = tonesOf(page, variable("text-color", "#12151b"), variable("primary-color", "#4353c4"));
  for (const [name, rgb] of Object.entries(tones)) root.style.setProperty(`--bv-${name}`, hex(rgb));
  root.dataset.theme = dark ? "dark" : "light";
  root.style.colorScheme = dark ? "dark" : "light";
  return { dark, ...tones, font: style.fontFamily, signature: JSON.stringify([tones, style.fontFamily]) };
}
