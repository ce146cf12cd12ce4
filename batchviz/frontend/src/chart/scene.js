// What a chart is, before Plotly: a value that live/ and figure/ make, that chart/ draws, and that tests compare.

import * as format from "../core/format.js";

/**
 * @typedef {[number, number]} Range ends of an axis; powers of ten on a logarithmic one
 * @typedef {ArrayLike<number>} Numbers
 */

/**
 * @typedef {object} Axis
 * @property {string} title under the plane for x, over it for y; "" where a heading says it
 * @property {boolean} log
 * @property {Range} range
 */

/**
 * @typedef {object} Panel one plane with its axes
 * @property {string} heading over the plane; "" where the page has one
 * @property {string | null} color of the heading
 * @property {Axis} x
 * @property {Axis} y
 */

/**
 * @typedef {object} Marks symbols at the points of a trace
 * @property {number | number[]} size pixels
 * @property {boolean} [hollow]
 */

/**
 * @typedef {object} Trace what is drawn, back to front; `fill` closes the area within, or down to the trace before
 * @property {number} panel index
 * @property {string} name
 * @property {Numbers} x
 * @property {Numbers} y
 * @property {string} color any of CSS
 * @property {number} width pixels of the line; 0 for none
 * @property {number} [opacity]
 * @property {string} [dash] as in SVG, or Plotly's words
 * @property {"self" | "previous"} [fill]
 * @property {string} [fillColor]
 * @property {number} [fillOpacity]
 * @property {Marks} [marks]
 */

/**
 * @typedef {object} Reference a straight line across a plane, at a value of one axis
 * @property {number} panel
 * @property {"x" | "y"} axis
 * @property {number} value
 * @property {string} text
 * @property {"end" | "plane" | "none"} label beside the plane, among the names of the lines; in it; nowhere
 */

/**
 * @typedef {object} Series values of a curve, as the pointer reads them
 * @property {string} heading
 * @property {Numbers} x
 * @property {Numbers} y
 * @property {Numbers} [low]
 * @property {Numbers} [high]
 * @property {"full" | "hollow" | "none"} dot
 */

/**
 * @typedef {object} Curve a row in the list under the pointer; its first series says where it was measured
 * @property {string} name
 * @property {string} color
 * @property {number} panel
 * @property {Series[]} series
 * @property {string[]} [links] what is behind each of its points, relative to the app's address; "" for nothing
 */

/**
 * @typedef {object} EndOfLine
 * @property {Numbers} x
 * @property {Numbers} y
 * @property {boolean} hollow
 * @property {boolean} named the label hangs at this line's end
 * @property {boolean} [bare] no dot stands there: the line's points have marks of their own
 */

/**
 * @typedef {object} NamedEnd lines that share one label at their ends
 * @property {number} panel
 * @property {string} text
 * @property {string} color
 * @property {string[]} ids what a click on the label is about
 * @property {EndOfLine[]} lines
 */

/**
 * @typedef {object} Units
 * @property {string} word before a position on the x-axis: epoch
 * @property {(x: number) => string} x a position in words
 */

/**
 * @typedef {object} Scene
 * @property {Panel[]} panels
 * @property {boolean} linked all panels have the same axes: numbers stand at the outer ones alone
 * @property {Trace[]} traces
 * @property {Reference[]} references
 * @property {Curve[]} curves
 * @property {NamedEnd[]} ends
 * @property {Units} units
 * @property {number} [high] pixels of a plane among several, on a wide page
 * @property {number} characters of the longest text beside a plane: room is kept for it; 0 for none
 */

const CROWD = 3; // runs: more at once must stay legible

/**
 * What a model that knew the law of the data would score, as a line.
 * @param {number} panel
 * @param {number} value
 * @param {Reference["label"]} label
 * @returns {Reference}
 */
export function floorReference(panel, value, label) {
  return { panel, axis: "y", value, text: `floor ${format.number(value)}`, label };
}

/**
 * Where an equal budget cuts the curves.
 * @param {number} panel
 * @param {number} value
 * @param {Reference["label"]} label
 * @returns {Reference}
 */
export function budgetReference(panel, value, label) {
  return { panel, axis: "x", value, text: "equal budget", label };
}

/**
 * How a line through every update is drawn, behind the curves; `crowd` counts the runs that have one.
 * @param {string} color
 * @param {number} crowd
 */
export function updateStyle(color, crowd) {
  return { color, width: 1, opacity: crowd > CROWD ? 0.2 : 0.36 };
}

/**
 * How opaque the range over seeds is, behind their mean: several over each other must not become a grey wall.
 * @param {number} crowd how many are drawn
 */
export function bandOpacity(crowd) {
  return crowd > CROWD ? 0.07 : 0.14;
}

/**
 * The scene with what the visitor zoomed into, in every panel.
 * @param {Scene} scene
 * @param {{x?: Range, y?: Range}} zoom
 * @returns {Scene}
 */
export function zoomed(scene, zoom) {
  const axis = (/** @type {Axis} */ shown, /** @type {Range | undefined} */ range) =>
    range ? { ...shown, range } : shown;
  return {
    ...scene,
    panels: scene.panels.map((panel) => ({ ...panel, x: axis(panel.x, zoom.x), y: axis(panel.y, zoom.y) })),
  };
}

/**
 * Several scenes as one, each with its own axes.
 * @param {Scene[]} scenes
 * @returns {Scene}
 */
export function sideBySide(scenes) {
  let before = 0;
  /** @type {Scene[]} */
  const moved = [];
  for (const scene of scenes) {
    const shift = before;
    /**
     * @template {{panel: number}} T
     * @param {T[]} parts
     * @returns {T[]}
     */
    const shifted = (parts) => parts.map((part) => ({ ...part, panel: part.panel + shift }));
    moved.push({
      ...scene,
      traces: shifted(scene.traces),
      references: shifted(scene.references),
      curves: shifted(scene.curves),
      ends: shifted(scene.ends),
    });
    before += scene.panels.length;
  }
  return {
    ...moved[0],
    linked: false,
    panels: moved.flatMap(({ panels }) => panels),
    traces: moved.flatMap(({ traces }) => traces),
    references: moved.flatMap(({ references }) => references),
    curves: moved.flatMap(({ curves }) => curves),
    ends: moved.flatMap(({ ends }) => ends),
    characters: Math.max(...moved.map(({ characters }) => characters)),
  };
}
