import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { band } from "./band.js";
import { groupNumbers, runNumbers } from "./card-numbers.js";
import { seedsText } from "./cards.js";
import { epochTables } from "./epoch-table.js";
import { groupRuns } from "./groups.js";
import { Recording } from "./recording.js";
import { liveScene } from "./traces.js";

const CASES = JSON.parse(
  readFileSync(new URL("../../../../tests/shared/bands.json", import.meta.url), "utf8"),
);
const VIEW = { axis: "epochs", scale: "linear", training: "end", noise: false, seeds: false, smoothing: 0 };

/**
 * A seed of one setting whose validation loss is `losses`.
 * @param {number} seed
 * @param {number[]} losses
 * @param {object} [about]
 */
function seedOf(seed, losses, about = {}) {
  const run = new Recording(`seed${seed}`);
  run.apply(
    /** @type {any} */ ({
      attempt: 1,
      status: "done",
      label: "B = 8",
      details: `Adam, lr 0.1, seed ${seed}`,
      group: "g",
      seed,
      color: { light: "#112233", dark: "#ddeeff" },
      loss_name: "MSE",
      metric_name: "MAE",
      floors: {},
      plan: { training_rows: 16, epochs: 2 },
      progress: { updates: 4, epochs: 2, examples: 32, seconds: 1, fraction: 1, remaining_seconds: null },
      final: {},
      epochs: {
        from: 0,
        updates: losses.map((_, i) => 2 * i),
        examples: losses.map((_, i) => 16 * i),
        seconds: losses.map((_, i) => i),
        loss: losses,
        metric: losses,
        train_loss: losses,
        train_metric: losses,
        val_loss: losses,
        val_metric: losses,
      },
      updates: { from: 0, stride: 1, loss: "", metric: "" },
      ...about,
    }),
  );
  return /** @type {import("./curves.js").KnownRun} */ (run);
}

/** @param {Recording[]} recordings @param {object} [view] */
const shown = (recordings, view = {}) =>
  /** @type {any} */ ({
    recordings,
    view: { ...VIEW, ...view },
    position: null,
    theme: { dark: false },
    zoom: null,
  });

for (const { name, curves, x, mean, low, high, seeds } of CASES) {
  test(`a band is Python's: ${name}`, () => {
    const drawn = band(
      curves.map((/** @type {{x: number[], y: number[]}} */ curve) => ({
        x: Float64Array.from(curve.x),
        y: Float64Array.from(curve.y),
      })),
    );
    assert.deepEqual([[...drawn.x], [...drawn.seeds]], [x, seeds]);
    for (const [part, expected] of Object.entries({ mean, low, high })) {
      const values = /** @type {any} */ (drawn)[part];
      expected.forEach((/** @type {number} */ value, /** @type {number} */ i) =>
        assert.ok(Math.abs(values[i] - value) <= 1e-12 * Math.abs(value), `${part} at ${x[i]}`),
      );
    }
  });
}

test("seeds of one setting draw as one mean with a band, one name and one reading", () => {
  const runs = [seedOf(0, [4, 2, 1]), seedOf(1, [4, 4, 3])];
  const { traces, ends, curves } = liveScene("loss", shown(runs));
  const [, highest] = traces;
  assert.equal(highest.name, "seed0 val_loss highest");
  assert.deepEqual([highest.fill, Array.from(highest.y)], ["previous", [4, 4, 3]]);
  const mean = traces.find(({ name }) => name === "seed0 val_loss mean");
  assert.deepEqual(Array.from(mean?.y ?? []), [4, 3, 2]);
  assert.deepEqual(
    ends.map(({ text, ids }) => [text, ids]),
    [["B = 8, 2 seeds", ["seed0", "seed1"]]],
  );
  const validation = curves[0].series[1];
  assert.deepEqual([curves.length, Array.from(validation.low ?? [])], [1, [4, 2, 1]]);
});

test("a seed's own line is drawn when it is asked for, paler than the mean", () => {
  const runs = [seedOf(0, [4, 2, 1]), seedOf(1, [4, 4, 3])];
  const single = (/** @type {object} */ view) =>
    liveScene("loss", shown(runs, view)).traces.filter(({ name }) => name.endsWith(" seed"));
  assert.deepEqual([single({}).length, single({ seeds: true }).length], [0, 4]);
  assert.ok(single({ seeds: true }).every(({ width, opacity }) => width === 1 && Number(opacity) < 0.5));
});

test("of several seeds every update of the first is drawn, of all only when the seeds are looked at", () => {
  const runs = [seedOf(0, [4, 2, 1]), seedOf(1, [4, 4, 3])];
  const updates = (/** @type {object} */ view) =>
    liveScene("loss", shown(runs, view)).traces.flatMap(({ name }) =>
      name.includes("updates") ? [name] : [],
    );
  assert.deepEqual(updates({ noise: true }), ["seed0 updates"]);
  assert.deepEqual(updates({ noise: true, seeds: true }), ["seed0 updates", "seed1 updates"]);
});

test("a band grows with its runs", () => {
  const run = seedOf(1, [4, 4]);
  const runs = [seedOf(0, [4, 2, 1]), run];
  assert.deepEqual([...groupRuns(runs)[0].band("val_loss", "epochs").seeds], [2, 2, 1]);
  run.apply(
    /** @type {any} */ ({
      ...run.about,
      attempt: 1,
      epochs: seedOf(1, [4, 4, 3]).about && rows([4, 4, 3]),
      updates: { from: 0, stride: 1, loss: "", metric: "" },
    }),
  );
  assert.deepEqual([...groupRuns(runs)[0].band("val_loss", "epochs").seeds], [2, 2, 2]);
});

/** @param {number[]} losses */
function rows(losses) {
  const columns = ["seconds", "loss", "metric", "train_loss", "train_metric", "val_loss", "val_metric"];
  return {
    from: 0,
    updates: losses.map((_, i) => 2 * i),
    examples: losses.map((_, i) => 16 * i),
    ...Object.fromEntries(columns.map((name) => [name, losses])),
  };
}

test("a seed that is there twice, as imports may be, is a group of its own", () => {
  const twin = Object.assign(seedOf(0, [9, 9, 9]), { id: "twin" });
  assert.deepEqual(
    groupRuns([seedOf(0, [1, 1, 1]), twin, seedOf(1, [2, 2, 2])]).map(({ ids }) => ids),
    [["seed0", "seed1"], ["twin"]],
  );
});

test("a card says how many seeds are done, and tells their mean and range", () => {
  const training = { status: "running", progress: { updates: 2, fraction: 0.5 } };
  const runs = [seedOf(0, [4, 2, 1]), seedOf(1, [4, 4, 3]), seedOf(2, [4, 4, 9], training)];
  const [group] = groupRuns(runs);
  assert.equal(seedsText(group), "2 of 3 seeds done");
  assert.deepEqual(groupNumbers(group)[0], [
    "Validation MSE",
    "2 (1 to 3)",
    "Over 2 seeds: the mean, and the lowest to the highest. Seeds that end far apart leave much to chance.",
    "validation_loss",
  ]);
  assert.equal(seedsText(groupRuns(runs.slice(0, 2))[0]), "2 seeds");
  const wild = seedOf(3, [4, 8, 16], { status: "diverged" });
  assert.equal(seedsText(groupRuns([runs[0], wild])[0]), "1 of 2 seeds done, 1 diverged");
  assert.equal(runNumbers(runs[0])[0][1], "1");
});

test("the table of several seeds begins with their means", () => {
  const entries = epochTables(groupRuns([seedOf(0, [4, 2, 1]), seedOf(1, [4, 4, 3])]));
  assert.deepEqual(
    entries.map(({ name }) => name),
    ["B = 8, mean of 2 seeds, Adam, lr 0.1", "B = 8, Adam, lr 0.1, seed 0", "B = 8, Adam, lr 0.1, seed 1"],
  );
  const validation = entries[0].columns.findIndex(({ title }) => title === "Validation MSE");
  assert.deepEqual(
    entries[0].columns.slice(validation, validation + 3).map(({ values }) => values[2]),
    [2, 1, 3],
  );
});
