// Each curve of a figure as a table.

import * as format from "../core/format.js";

/**
 * A table a curve, with the lowest and highest seed where there are several.
 * @param {import("../chart/scene.js").Scene} scene
 * @returns {import("../chart/data-table.js").TableEntry[]}
 */
export function curveTables({ curves, units }) {
  return curves.map(({ name, series: [{ heading, x, y, low, high }] }, i) => ({
    id: String(i),
    name,
    caption: name,
    columns: [
      { title: units.word, values: x, write: format.quantity },
      { title: heading, values: y, write: format.number },
      ...(low && high
        ? [
            { title: "Lowest seed", values: low, write: format.number },
            { title: "Highest seed", values: high, write: format.number },
          ]
        : []),
    ],
    more: (shown) => `The first ${shown} of ${format.quantity(x.length)} points; the export has all.`,
  }));
}
