import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeFloat32 } from "../core/columns.js";
import { curvesAsCsv, curveTables } from "./curve-table.js";
import { plain, readFigure, resolved } from "./read-figure.js";

/** @param {object} [layout] @param {object[]} [more] */
function figure(layout = {}, more = []) {
  const curve = (/** @type {string} */ name, /** @type {string} */ panel, /** @type {number[]} */ y) => ({
    name,
    x: [0, 1, 2],
    y,
    mode: "lines+markers",
    line: { width: 2, color: { light: "#111111", dark: "#eeeeee" } },
    marker: { size: 5 },
    showlegend: true,
    xaxis: `x${panel}`,
  });
  const data = [curve("B = 8", "", [1, 0.5, 0.2]), curve("B = &lt;64&gt;", "", [0.9, 0.8, 0.7]), ...more];
  return {
    data,
    layout: {
      xaxis: { title: { text: "epochs" } },
      yaxis: {},
      meta: { x: "epoch", y: "MSE", floors: [1 / 12] },
      ...layout,
    },
  };
}

test("curves are traces that stand in a legend, with names as people read them", () => {
  const { curves, traces, ends, characters } = readFigure(
    figure({}, [{ name: "seed", x: [0], y: [0], showlegend: false }]),
    false,
  );
  assert.deepEqual(
    curves.map(({ name, color }) => [name, color]),
    [
      ["B = 8", "#111111"],
      ["B = <64>", "#111111"],
    ],
  );
  assert.deepEqual([traces.length, ends.length, characters], [3, 2, 8]);
});

test("a colour is the theme's", () => {
  assert.equal(readFigure(figure(), true).traces[0].color, "#eeeeee");
});

test("a packed array is unpacked, of two dimensions as rows", () => {
  const bdata = encodeFloat32(Float32Array.from([1, 2, 3, 4]));
  assert.deepEqual([...resolved({ dtype: "f4", shape: "4", bdata }, false)], [1, 2, 3, 4]);
  assert.deepEqual(
    resolved({ dtype: "f4", shape: "2,2", bdata }, false).map((/** @type {Float32Array} */ row) => [...row]),
    [
      [1, 2],
      [3, 4],
    ],
  );
});

for (const log of [false, true]) {
  test(`the ranges hold every curve and the floor, ${log ? "logarithmic" : "linear"}`, () => {
    const [{ x, y }] = readFigure(figure({ yaxis: { type: log ? "log" : "linear" } }), false).panels;
    const [low, high] = log ? y.range.map((end) => 10 ** end) : y.range;
    assert.deepEqual([x.range, y.log], [[0, 2], log]);
    assert.ok(low <= 1 / 12 && high >= 1);
  });
}

test("a range that the figure came with is kept", () => {
  const [{ x, y }] = readFigure(
    figure({ xaxis: { range: [0, 10] }, yaxis: { range: [0, 4] } }),
    false,
  ).panels;
  assert.deepEqual(
    [x.range, y.range],
    [
      [0, 10],
      [0, 4],
    ],
  );
});

test("a diverged run does not flatten the others, nor does a wild batch", () => {
  const wild = { name: "wild", x: [0, 1], y: [1, 1e6], showlegend: true };
  const noise = {
    name: "noise",
    x: [0, 1, 2],
    y: [...Array.from({ length: 500 }, () => 0.5), 1e6],
    meta: "updates",
  };
  assert.ok(readFigure(figure({}, [wild]), false).panels[0].y.range[1] < 10);
  assert.ok(readFigure(figure({}, [noise]), false).panels[0].y.range[1] < 2);
});

test("every update is paler than the curves", () => {
  const noise = { name: "noise", x: [0], y: [1], meta: "updates", line: { width: 1, color: "#222222" } };
  const { traces } = readFigure(figure({}, [noise]), false);
  assert.deepEqual([traces[0].opacity, traces[2].opacity], [undefined, 0.36]);
});

test("an equal budget ends the axis a little beyond it, and is named in a single plane", () => {
  const budget = figure({ meta: { x: "epoch", y: "MSE", floors: [], budget: 3 } });
  const { panels, references } = readFigure(budget, false);
  assert.deepEqual(panels[0].x.range, [0, 3.09]);
  assert.deepEqual(
    references.map(({ text, label }) => [text, label]),
    [["equal budget", "plane"]],
  );
});

test("in panels a line has the name that its heading does not tell, where there are several", () => {
  const [first, second] = figure({}).data;
  const data = [
    { ...first, meta: { end: "lr 0.1" } },
    { ...second, meta: { end: "lr 1" } },
    { ...second, xaxis: "x2", meta: { end: "lr 0.1" } },
  ];
  const { ends, characters } = readFigure(
    { data, layout: { xaxis: {}, yaxis: {}, xaxis2: {}, yaxis2: {} } },
    false,
  );
  assert.deepEqual(
    ends.map(({ panel, text }) => [panel, text]),
    [
      [0, "lr 0.1"],
      [0, "lr 1"],
    ],
  );
  assert.equal(characters, 6);
});

test("panels have headings and share their axes; no names stand at their ends", () => {
  const headings = [
    { heading: "B = 8", color: "#010203" },
    { heading: "B = 64", color: "#010203" },
  ];
  const { panels, linked, ends, references } = readFigure(
    figure({ xaxis2: {}, yaxis2: {}, meta: { floors: [0.1], panels: headings } }, [
      { name: "c", x: [0], y: [1], xaxis: "x2" },
    ]),
    false,
  );
  assert.deepEqual(
    panels.map(({ heading }) => heading),
    ["B = 8", "B = 64"],
  );
  assert.deepEqual(
    [linked, ends.length, references.map(({ panel, label }) => [panel, label])],
    [
      true,
      0,
      [
        [0, "none"],
        [1, "none"],
      ],
    ],
  );
});

test("panels that stand apart have axes, words and a place in the list of their own", () => {
  const [first, second] = figure().data;
  const data = [
    { ...first, ids: ["compare?runs=a", "", "compare?runs=c"] },
    { ...second, y: [900, 800, 700], xaxis: "x2", meta: { end: "" } },
  ];
  const apart = {
    apart: true,
    panels: [
      { heading: "Updates", y: "updates" },
      { heading: "Seconds", y: "seconds" },
    ],
  };
  const layout = { xaxis: {}, yaxis: {}, xaxis2: {}, yaxis2: {}, meta: { x: "batch size", ...apart } };
  const scene = readFigure({ data, layout }, false);
  assert.deepEqual(
    [scene.linked, scene.panels.map(({ heading }) => heading), scene.curves.map(({ panel }) => panel)],
    [false, ["Updates", "Seconds"], [0, 1]],
  );
  assert.ok(scene.panels[0].y.range[1] < 2);
  assert.ok(scene.panels[1].y.range[0] > 600);
  assert.deepEqual(
    scene.curves.map(({ series: [{ heading }] }) => heading),
    ["updates", "seconds"],
  );
  const [table] = curveTables(scene, new URL("https://here.example/app/"));
  assert.deepEqual(table.links, [
    "https://here.example/app/compare?runs=a",
    "",
    "https://here.example/app/compare?runs=c",
  ]);
});

test("the numbers as a file have every curve, and no text that a spreadsheet would run", () => {
  const { panels: _, ...rest } = readFigure(figure(), false);
  const [first] = rest.curves;
  const evil = { ...first, name: '=HYPERLINK("x"), b' };
  const csv = curvesAsCsv({ ...rest, panels: [], curves: [first, evil] });
  assert.deepEqual(csv.split("\r\n").slice(0, 3), [
    "curve,measured,epoch,value,lowest seed,highest seed",
    "B = 8,MSE,0,1,,",
    "B = 8,MSE,1,0.5,,",
  ]);
  assert.equal(csv.split("\r\n")[4], `"'=HYPERLINK(""x""), b",MSE,0,1,,`);
});

test("more names than a wall are left to the list under the pointer", () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ name: `B = ${i}`, x: [0], y: [1], showlegend: true }));
  const { ends, curves, characters } = readFigure(figure({}, many), false);
  assert.deepEqual([ends.length, curves.length, characters], [0, 32, 0]);
});

test("a table has what the curve has, with the lowest and highest seed where there are several", () => {
  const several = { name: "B = 1", x: [0], y: [2], customdata: [[1, 3]], showlegend: true };
  const tables = curveTables(readFigure(figure({}, [several]), false));
  assert.deepEqual(
    tables[0].columns.map(({ title }) => title),
    ["epoch", "MSE"],
  );
  assert.deepEqual(
    tables[2].columns.map(({ title }) => title),
    ["epoch", "MSE", "Lowest seed", "Highest seed"],
  );
  assert.equal(tables[2].columns[3].values[0], 3);
});

test("an empty figure has an empty plane", () => {
  const { panels, traces } = readFigure({ data: [], layout: {} }, false);
  assert.deepEqual(
    [panels.length, traces.length, panels[0].x.range, panels[0].y.range],
    [1, 0, [0, 1], [0, 1]],
  );
});

test("names are unescaped once", () => {
  assert.equal(plain("&amp;lt;b&amp;gt; &quot;x&quot; &#x27;"), '&lt;b&gt; "x" \'');
});
