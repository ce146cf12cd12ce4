// Small multiples: as many columns as the page has room for, all panels of one size.

import { panels } from "./read-figure.js";

const LEAST_WIDTH = 125; // pixels of a panel's plane
const MOST_COLUMNS = 4;
const GAP = { x: 22, y: 46 }; // between planes: below each stands the next one's title
const HEIGHT = { wide: 210, narrow: 150 };

/** Columns and rows for a width in pixels; {columns: 1, rows: 1, high: null} is a single chart. */
export function grid(count, width) {
  if (count < 2) return { columns: 1, rows: 1, high: null };
  const fitting = Math.max(1, Math.floor((width + GAP.x) / (LEAST_WIDTH + GAP.x)));
  const most = Math.min(count, fitting, width > 900 ? MOST_COLUMNS : 3);
  const rows = Math.ceil(count / most);
  const columns = Math.ceil(count / rows); // five panels are 3 + 2, not 4 + 1
  const high = width < 500 ? HEIGHT.narrow : HEIGHT.wide;
  return { columns, rows, high: rows * high + (rows - 1) * GAP.y };
}

/** The layout with its panels in that grid. Numbers stand at the left edge and under the lowest panels only. */
export function arranged(layout, { columns, rows }, wide, high) {
  const names = panels(layout);
  if (names.length < 2) return layout;
  const across = (wide - (columns - 1) * GAP.x) / columns;
  const down = (high - (rows - 1) * GAP.y) / rows;
  const changed = {};
  names.forEach((name, i) => {
    const column = i % columns;
    const row = Math.floor(i / columns);
    const left = column * (across + GAP.x);
    const top = row * (down + GAP.y);
    const lowest = i + columns >= names.length;
    const x = layout[`xaxis${name}`];
    changed[`xaxis${name}`] = {
      ...x, domain: [left / wide, (left + across) / wide], showticklabels: lowest, title: lowest ? x.title : undefined, anchor: `y${name}`,
    };
    changed[`yaxis${name}`] = {
      ...layout[`yaxis${name}`], domain: [1 - (top + down) / high, 1 - top / high], showticklabels: column === 0, anchor: `x${name}`,
    };
  });
  return { ...layout, ...changed };
}
