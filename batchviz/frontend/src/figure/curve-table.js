// Each curve of a figure as a table.

import * as format from "../core/format.js";

/**
 * A table a curve, with the lowest and highest seed where there are several.
 * @param {import("../chart/scene.js").Scene} scene
 * @param {URL} [base] the app's address, for links
 * @returns {import("../chart/data-table.js").TableEntry[]}
 */
export function curveTables({ curves, units }, base) {
  return curves.map(({ name, links, series: [{ heading, x, y, low, high }] }, i) => ({
    id: String(i),
    name,
    caption: name,
    ...(links && { links: links.map((link) => link && new URL(link, base).href) }),
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

/**
 * All curves of a scene as one file of comma-separated values, numbers as they were measured.
 * @param {import("../chart/scene.js").Scene} scene
 */
export function curvesAsCsv(scene) {
  const rows = scene.curves.flatMap(({ name, series: [{ heading, x, y, low, high }] }) =>
    Array.from(x, (at, i) => [name, heading, at, y[i], low?.[i] ?? "", high?.[i] ?? ""]),
  );
  const head = ["curve", "measured", scene.units.word, "value", "lowest seed", "highest seed"];
  return `${[head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

/**
 * Text in quotes where it needs them; none that a spreadsheet would take for a formula.
 * @param {string | number} cell
 */
function csvCell(cell) {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
