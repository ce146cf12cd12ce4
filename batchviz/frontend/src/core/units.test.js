import assert from "node:assert/strict";
import { test } from "node:test";

import { AXES, heading, measureNames, trainingColumn, unit } from "./units.js";

test("an axis writes its positions as people read them", () => {
  assert.equal(AXES.epochs.print(3.25), "3.25");
  assert.equal(AXES.updates.print(12345), "12,345");
  assert.equal(AXES.examples.print(12345.67), "12,346", "an example is seen whole");
  assert.equal(AXES.seconds.print(90), "1 min 30 s");
});

test("an abbreviated measure is told in full, with its unit", () => {
  assert.deepEqual(
    [heading("MSE"), unit("MSE")],
    ["Mean squared error", "squared units of the target as trained"],
  );
  assert.deepEqual([heading("Hinge"), unit("Hinge")], ["Hinge", ""]);
});

test("every measure is named once, whichever runs are known so far", () => {
  const [mse, nats] = ["MSE", "Cross-entropy"].map((name) => ({
    about: { loss_name: name, metric_name: "MAE" },
  }));
  assert.deepEqual(measureNames([mse, nats, mse, { about: null }], "loss"), ["MSE", "Cross-entropy"]);
  assert.deepEqual(measureNames([mse, nats], "metric"), ["MAE"]);
});

test("the training curve is the evaluated one, or the running mean", () => {
  assert.equal(trainingColumn("loss", { training: "evaluated" }), "train_loss");
  assert.equal(trainingColumn("metric", { training: "running" }), "metric");
});
