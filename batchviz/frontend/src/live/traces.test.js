import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeFloat32 } from "../core/columns.js";
import { floors, livePanels } from "./axes.js";
import { describe, floorsInWords, imageCaption } from "./describe.js";
import { epochTables } from "./epoch-table.js";
import { groupRuns } from "./groups.js";
import { pointCounts } from "./line-ends.js";
import { Recording } from "./recording.js";
import { liveScene } from "./traces.js";

const VIEW = { axis: "epochs", scale: "linear", training: "end", noise: false, smoothing: 0 };

/**
 * A run of two epochs with two updates each.
 * @param {string} id
 * @param {object} [about]
 * @returns {import("./curves.js").KnownRun}
 */
function recorded(id, about = {}) {
  const run = new Recording(id);
  const values = [1, 0.5, 0.25];
  run.apply(
    /** @type {any} */ ({
      attempt: 1,
      status: "done",
      label: "B = 8",
      details: "lr 0.1, seed 0",
      group: "g",
      seed: 0,
      batch_size: 8,
      color: { light: "#112233", dark: "#ddeeff" },
      loss_name: "MSE",
      metric_name: "MAE",
      metric_higher_is_better: false,
      floors: { loss: 1 / 12, metric: null },
      floor_notes: { loss: "Floor 0.0833: what the true law scores." },
      plan: { training_rows: 16 },
      progress: { updates: 4, epochs: 2, examples: 32, seconds: 2, remaining_seconds: null },
      epochs: {
        from: 0,
        updates: [0, 2, 4],
        examples: [0, 16, 32],
        seconds: [0, 1, 2],
        loss: [null, 0.7, 0.4],
        metric: [null, 0.7, 0.4],
        train_loss: values,
        train_metric: values,
        val_loss: values.map((value) => value * 2),
        val_metric: values,
      },
      updates: { from: 0, stride: 1, loss: packed([1, 0.9, 0.6, 0.5]), metric: packed([1, 0.9, 0.6, 0.5]) },
      ...about,
    }),
  );
  return /** @type {import("./curves.js").KnownRun} */ (run);
}

/** @param {number[]} values */
function packed(values) {
  return encodeFloat32(Float32Array.from(values));
}

/** @param {Recording[]} recordings @param {object} [view] @param {object} [more] */
function shown(recordings, view = {}, more = {}) {
  return /** @type {any} */ ({
    recordings,
    view: { ...VIEW, ...view },
    position: null,
    theme: { dark: false },
    zoom: null,
    ...more,
  });
}

test("a run is a solid training line and a dotted validation line in its colour", () => {
  const { traces } = liveScene("loss", shown([recorded("one")]));
  assert.deepEqual(
    traces.map(({ name, dash, color }) => [name, dash, color]),
    [
      ["one train_loss", "solid", "#112233"],
      ["one val_loss", "3px,3px", "#112233"],
    ],
  );
  assert.deepEqual(
    [Array.from(traces[1].x), Array.from(traces[1].y)],
    [
      [0, 1, 2],
      [2, 1, 0.5],
    ],
  );
  assert.equal(
    liveScene("loss", shown([recorded("one")], {}, { theme: { dark: true } })).traces[0].color,
    "#ddeeff",
  );
});

test("the training line can be the running mean, which has no value before the first update", () => {
  const [training] = liveScene("loss", shown([recorded("one")], { training: "running" })).traces;
  assert.deepEqual(Array.from(training.x), [1, 2]);
});

test("every update is a pale line behind the curves", () => {
  const { traces } = liveScene("loss", shown([recorded("one")], { noise: true }));
  assert.deepEqual(
    [traces[0].name, traces[0].opacity, Array.from(traces[0].x)],
    ["one updates", 0.36, [0.5, 1, 1.5, 2]],
  );
});

test("of a long run the lowest and highest of each point's updates are a band", () => {
  const edges = {
    loss_min: packed([0.5, 0.1]),
    loss_max: packed([1.5, 0.9]),
    metric_min: packed([0, 0]),
    metric_max: packed([0, 0]),
  };
  const long = recorded("one", {
    updates: { from: 0, stride: 2, loss: packed([1, 0.5]), metric: packed([1, 0.5]), ...edges },
  });
  const [low, high, line] = liveScene("loss", shown([long], { noise: true })).traces;
  assert.deepEqual([low.width, high.fill, high.fillOpacity, line.width], [0, "previous", 0.18, 1]);
  assert.ok(high.y[0] > 1.4 && low.y[0] < 0.6);
});

test("while it plays, lines end where the playback stands", () => {
  const { traces, ends } = liveScene("loss", shown([recorded("one")], {}, { position: 1.5 }));
  assert.deepEqual(
    [Array.from(traces[0].x), Array.from(traces[0].y)],
    [
      [0, 1, 1.5],
      [1, 0.5, 0.375],
    ],
  );
  assert.equal(ends[0].lines[0].x[ends[0].lines[0].x.length - 1], 1.5);
  assert.deepEqual(pointCounts("loss", shown([recorded("one")], {}, { position: 1.5 })), { one: 4 });
});

test("seeds of one setting share a label; other settings are named by what differs", () => {
  const runs = [
    recorded("one"),
    recorded("two", { details: "lr 0.1, seed 1", seed: 1 }),
    recorded("fast", { group: "h", details: "lr 0.5, seed 0" }),
    recorded("wild", { group: "i", label: "B = 64", status: "diverged" }),
  ];
  const { ends, characters } = liveScene("loss", shown(runs));
  assert.deepEqual(
    ends.map(({ text, ids }) => [text, ids]),
    [
      ["B = 8 · lr 0.1, 2 seeds", ["one", "two"]],
      ["B = 8 · lr 0.5", ["fast"]],
      ["B = 64 diverged", ["wild"]],
    ],
  );
  assert.equal(characters, "B = 8 · lr 0.1, 2 seeds".length);
});

test("the label hangs at the validation line, or at the training line where there is none", () => {
  const { ends } = liveScene("loss", shown([recorded("one")]));
  assert.deepEqual(
    ends[0].lines.map(({ named, hollow }) => [named, hollow]),
    [
      [false, false],
      [true, true],
    ],
  );
});

test("the pointer reads training and validation, and the updates when they are drawn", () => {
  const headings = (/** @type {object} */ view) =>
    liveScene("loss", shown([recorded("one")], view)).curves[0].series.map(({ heading }) => heading);
  assert.deepEqual(headings({}), ["training", "validation"]);
  assert.deepEqual(headings({ noise: true }), ["training", "validation", "batch"]);
  assert.equal(liveScene("loss", shown([recorded("one")])).units.x(2), "epoch 2");
  assert.equal(liveScene("loss", shown([recorded("one")], { axis: "seconds" })).units.x(90), "1 min 30 s");
});

test("floors are drawn once, however many runs have them, and explained", () => {
  const runs = [recorded("one"), recorded("two")];
  assert.deepEqual(
    liveScene("loss", shown(runs)).references.map(({ text, label }) => [text, label]),
    [["floor 0.0833", "end"]],
  );
  assert.deepEqual([floors("loss", runs), floors("metric", runs)], [[1 / 12], []]);
  assert.equal(floorsInWords("loss", shown(runs)), "Floor 0.0833: what the true law scores.");
});

test("the axes stand still while curves grow, hold what is drawn, and obey a zoom", () => {
  const training = recorded("one", { status: "running", plan: { training_rows: 16, epochs: 10 } });
  const [{ x, y }] = livePanels("loss", shown([training]));
  assert.deepEqual(x.range, [0, 10]);
  assert.ok(y.range[0] <= 1 / 12 && y.range[1] >= 2);
  assert.deepEqual(livePanels("loss", shown([training], {}, { zoom: { loss: [0, 1] } }))[0].y.range, [0, 1]);
  assert.deepEqual(
    livePanels("metric", shown([training], {}, { zoom: { x: [2, 3], loss: [0, 1] } }))[0].x.range,
    [2, 3],
  );
  assert.ok(livePanels("loss", shown([training], { scale: "log" }))[0].y.log);
});

test("smoothing is stated over the axis", () => {
  assert.equal(
    livePanels("loss", shown([recorded("one")], { smoothing: 0.6 }))[0].y.title,
    "MSE, squared units of the target as trained · smoothed, EMA 0.60",
  );
});

test("a chart is told in words", () => {
  assert.equal(
    describe("loss", shown([recorded("one")])),
    "MSE over epochs. B = 8: training from 1 to 0.25, validation from 2 to 0.5.",
  );
  assert.equal(describe("loss", shown([])), "Loss: no points yet.");
  const caption = imageCaption(
    shown([recorded("one")], { smoothing: 0.5, scale: "log" }, { position: 1 }),
    "It learns.",
  );
  assert.equal(
    caption,
    "It learns. Solid: training (true loss at the end of each epoch). Dotted: validation. By epochs, logarithmic. " +
      "Curves smoothed, EMA 0.50. ChartState up to 1 epochs.",
  );
});

test("an axis of seconds names their clock, or says that none is known", () => {
  const run = recorded("one");
  const title = (/** @type {object} */ view) => livePanels("loss", shown([run], view))[0].x.title;
  assert.equal(
    title({ axis: "seconds", clock: "fit" }),
    "training time in seconds: no clock of Keras fit yet",
  );
  assert.equal(liveScene("loss", shown([run], { axis: "seconds", clock: "fit" })).traces[0].x.length, 0);
  run.setPace([[0, 2, 0.01, 0.02]]);
  assert.equal(
    title({ axis: "seconds", clock: "loop" }),
    "training time in seconds, BatchViz's compiled loop",
  );
  assert.match(
    describe("loss", shown([run], { axis: "seconds", clock: "fit" })),
    /^MSE over training time in seconds, Keras fit\./,
  );
});

test("the table has every epoch, never smoothed", () => {
  const [{ columns, more }] = epochTables(groupRuns([recorded("one"), new Recording("unknown")]));
  assert.deepEqual(
    columns.slice(0, 5).map(({ title }) => title),
    ["Epoch", "Updates", "Examples", "Took", "Training MSE"],
  );
  assert.deepEqual(
    columns.slice(0, 3).map(({ values, write }) => write(values[2])),
    ["2", "4", "32"],
  );
  assert.equal(more(500), "The first 500 of 3 rows; the CSV has all.");
});

test("where a field has dashes they are the runs', and training is pale", () => {
  const runs = [
    recorded("one", { group: "a", dash: "solid" }),
    recorded("two", { group: "b", dash: "dashdot", label: "B = 8, lr 0.01" }),
  ];
  const drawn = liveScene("loss", shown(runs)).traces.map(({ name, dash, opacity }) => [name, dash, opacity]);
  assert.deepEqual(drawn, [
    ["one train_loss", "solid", 0.4],
    ["one val_loss", "solid", 1],
    ["two train_loss", "dashdot", 0.4],
    ["two val_loss", "dashdot", 1],
  ]);
  assert.match(imageCaption(shown(runs), ""), /^Pale: training .* Strong: validation/);
});

test("a field that has the panels gives each of its values a plane with the same axes", () => {
  const runs = [
    recorded("one", { group: "a", panel: "lr 0.001" }),
    recorded("two", { group: "b", panel: "lr 0.01" }),
    recorded("three", { group: "c", panel: "lr 0.001" }),
  ];
  const { panels, linked, traces, curves, ends, references } = liveScene("loss", shown(runs));
  assert.deepEqual(
    panels.map(({ heading }) => heading),
    ["lr 0.001", "lr 0.01"],
  );
  assert.deepEqual(panels[0].y.range, panels[1].y.range);
  assert.ok(linked);
  assert.deepEqual(
    traces.map(({ panel }) => panel),
    [0, 0, 1, 1, 0, 0],
  );
  for (const parts of [curves, ends])
    assert.deepEqual(
      parts.map(({ panel }) => panel),
      [0, 1, 0],
    );
  assert.deepEqual(
    references.map(({ panel, label }) => [panel, label]),
    [
      [0, "none"],
      [1, "none"],
    ],
  );
});

test("in words a playback tells what was measured up to it, and makes nothing up between", () => {
  const told = describe("loss", shown([recorded("one")], {}, { position: 1.5 }));
  assert.match(told, /validation from 2 to 1\./);
});
