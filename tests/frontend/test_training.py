"""The trainer of pages that play alone, run by Node: NumPy's order, the numbers of Keras, the rows of our own loop."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.experiment import datasets, optimizers
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.models import ACTIVATIONS
from batchviz.experiment.moments import moments
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Report
from batchviz.experiment.series import join, merged
from batchviz.experiment.spec import RunSpec
from batchviz.frontend.payload import packed
from batchviz.training.run import initial_values, objective, run_spec, seeded_model
from tests.frontend.node import node

Answer = dict[str, Any]


ORDERS = """
const { order } = await import(src + "/training/order.js");
process.stdout.write(JSON.stringify(input.map((of) => Array.from(order(...of)))));
"""
STEPS = """
const { OPTIMIZERS } = await import(src + "/training/optimizers.js");
const weights = Float32Array.from(input.weights);
const step = OPTIMIZERS[input.name]({ count: weights.length, rate: Math.fround(input.rate), momentum: 0.9 });
const after = input.gradients.map((gradients) => {
  step(weights, Float32Array.from(gradients));
  return Array.from(weights);
});
process.stdout.write(JSON.stringify(after));
"""
TRAIN = """
const { Training } = await import(src + "/training/training.js");
const read = (text) => new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
const write = (values) => Buffer.from(Float32Array.from(values).buffer).toString("base64");
const data = input.data.map(({ x, y }) => ({ x: read(x), y: read(y) }));
const answers = input.problems.map((problem) => {
  const training = new Training({ ...problem, ...data[problem.data], weights: read(problem.weights) });
  while (training.train(100));
  const { status, reason, progress, rows, updates } = training;
  return { status, reason, progress, rows, loss: write(updates.loss), metric: write(updates.metric) };
});
process.stdout.write(JSON.stringify(answers));
"""


def test_rows_are_visited_in_the_order_of_numpy() -> None:
    random = np.random.default_rng(0)
    columns = random.integers(1, 2001, 300), random.integers(0, 2**31, 300), random.integers(0, 10_000, 300)
    cases = np.stack(columns, axis=1).tolist()
    cases += [[rows, seed, epoch] for rows in range(1, 70) for seed, epoch in ((0, 0), (2**31 - 1, 1))]
    visits = node(ORDERS, cases)
    assert len(visits) == len(cases)
    for (rows, seed, epoch), visit in zip(cases, visits, strict=True):
        assert visit == np.random.default_rng([seed, epoch]).permutation(rows).tolist(), (rows, seed, epoch)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_step_of_an_optimizer_is_that_of_keras(name: str) -> None:
    """To a few units in the last place, of the way gone for weights that start at 0: a constant taken in doubles shows.

    The gradients of a weight are alike in size, those of others up to 1e8 times as large: epsilon decides some steps.
    """
    random, rate, steps = np.random.default_rng(1), 1e-4, 30
    weights = np.where(np.arange(40) % 2, random.normal(size=40), 0).astype("float32")
    sizes = 10.0 ** random.uniform(-6, 2, 40)
    gradients = (random.normal(size=(steps, 40)) * sizes).astype("float32")
    cases = {"weights": weights.tolist(), "gradients": gradients.tolist(), "rate": rate, "name": name}
    mine = np.array(node(STEPS, cases))
    variable, optimizer = tf.Variable(weights), optimizers.build(name, learning_rate=rate, momentum=0.9)
    theirs = [weights]
    for gradient in gradients:
        optimizer.apply([tf.constant(gradient)], [variable])
        theirs.append(variable.numpy())
    way = np.abs(np.diff(theirs, axis=0)).cumsum(axis=0)
    assert np.all(np.abs(mine - theirs[1:]) <= 1e-6 * way + 2.4e-7 * np.abs(theirs[1:]))


def trained(specs: Sequence[RunSpec]) -> list[Answer]:
    """The answer of each spec's Training, all of one process, from the weights with which our own loop starts."""
    places: dict[tuple[Any, ...], int] = {}
    data, problems = [], []
    for spec in specs:
        key = (spec.dataset, spec.rows, spec.noise, spec.data_seed)
        if key not in places:
            places[key] = len(data)
            x, y = datasets.load(*key)
            data.append({"x": packed(x), "y": packed(y)})
        problems.append(problem(spec) | {"data": places[key]})
    answers = node(TRAIN, {"data": data, "problems": problems})
    for answer in answers:
        answer |= {name: np.frombuffer(base64.b64decode(answer[name]), "<f4") for name in ("loss", "metric")}
        answer["rows"] = {name: np.array(values, np.float64) for name, values in answer["rows"].items()}
    return answers  # type: ignore[no-any-return]


def problem(spec: RunSpec) -> dict[str, Any]:
    """A spec as src/training/problem.d.ts says it, without its data."""
    plan, data = plan_for(spec), datasets.find(spec.dataset)
    return {
        "widths": [data.inputs, *spec.hidden, data.outputs],
        "activation": spec.activation,
        "task": data.task,
        "optimizer": {"name": spec.optimizer, "momentum": spec.momentum},
        "learning_rate": plan.first.learning_rate,
        "batch_size": plan.schedule.requested(0) if spec.batch_size != "full" else plan.training_rows,
        "updates": plan.updates,
        "seed": spec.seed,
        "training_rows": plan.training_rows,
        "weights": packed(np.concatenate([np.ravel(value) for value in initial_values(spec)])),
        "moments": moments(plan),
    }


RATES = {
    "sgd": (1e-3, 2e-2),
    "momentum": (1e-3, 2e-2),
    "nesterov": (1e-3, 2e-2),
    "rmsprop": (1e-4, 1e-2),
    "adam": (1e-4, 1e-2),
    "adamw": (1e-4, 1e-2),
}
"""Within which learning rates are drawn, those of momentum as if they were SGD's (times 1 - momentum).

Within these all specs train: from five times the rates of SGD on, batches of one row make the loss grow by powers of
ten, and the last bit of a weight with it.
"""
GRAPHS, SPECS_A_GRAPH = 15, 20


def drawn_specs() -> list[RunSpec]:
    """Those of one network and optimiser follow each other. Activations and optimisers take turns, the rest is drawn.

    No pair of them comes twice, since there are 7 and 6.
    """
    random = np.random.default_rng(20)
    data = random.permutation(np.resize([*DATASETS], GRAPHS))
    specs = []
    for graph in range(GRAPHS):
        optimizer = [*OPTIMIZERS][graph % len(OPTIMIZERS)]
        momentum = float(random.choice([0.5, 0.9, 0.95])) if OPTIMIZERS[optimizer].has_momentum else 0.0
        network = {
            "dataset": str(data[graph]),
            "hidden": tuple(random.integers(1, 25, random.integers(0, 4)).tolist()),
            "activation": ACTIVATIONS[graph % len(ACTIVATIONS)],
            "optimizer": optimizer,
            "momentum": momentum,
        }
        for _ in range(SPECS_A_GRAPH):
            rows = int(random.integers(20, 201))
            size = round(rows ** random.uniform())
            specs.append(
                RunSpec(
                    **network,
                    rows=rows,
                    data_seed=int(random.integers(3)),
                    validation_split=float(random.choice([0.0, 0.2, random.uniform(0.1, 0.6)])),
                    seed=int(random.integers(2**31)),
                    batch_size=random.choice([size, size, size, 1000, "full"]),
                    learning_rate=float(np.exp(random.uniform(*np.log(RATES[optimizer])))) * (1 - momentum),
                    budget=int(random.integers(1, 5)),
                )
            )
    return specs


class PlainKeras:
    """A model of Keras' that trains by its own train_step, batch by batch in our order, as its `fit` does.

    Traced once for every batch size, since Keras' fit compiles a second for each network.
    """

    def __init__(self, spec: RunSpec) -> None:
        self.model = seeded_model(spec)
        self._check_start(spec)
        rate = optimizers.build(spec.optimizer, learning_rate=spec.learning_rate, momentum=spec.momentum)
        self.model.compile(optimizer=rate, jit_compile=False, **objective(spec))
        self.model.optimizer.build(self.model.trainable_variables)
        self.zeros = [variable.numpy() for variable in self.model.optimizer.variables]
        x, y = datasets.load(spec.dataset, 2, spec.noise, 0)
        self.model.test_step((tf.constant(x), tf.constant(y)))  # makes the metrics' variables
        shapes = (tf.TensorSpec([None, *x.shape[1:]], x.dtype), tf.TensorSpec([None, *y.shape[1:]], y.dtype))
        self.epoch = tf.function(self._epoch, input_signature=(*shapes, tf.TensorSpec([], tf.int32)))
        self.evaluated = tf.function(self._evaluate, input_signature=shapes)

    def _check_start(self, spec: RunSpec) -> None:
        for mine, other in zip(initial_values(spec), self.model.get_weights(), strict=True):
            np.testing.assert_array_equal(mine, other)

    def _epoch(self, x: Any, y: Any, size: Any) -> Any:
        rows = tf.shape(x)[0]
        for start in tf.range(0, rows, size):
            end = tf.minimum(start + size, rows)
            self.model.train_step((x[start:end], y[start:end]))
        return self._results()

    def _evaluate(self, x: Any, y: Any) -> Any:
        self.model.reset_metrics()
        self.model.test_step((x, y))
        return self._results()

    def _results(self) -> Any:
        return tf.stack(list(self.model.get_metrics_result().values()))

    def rows(self, spec: RunSpec) -> dict[str, NDArray[np.float64]]:
        """The columns of SERIES["epochs"] that Keras computes, an epoch a row."""
        for variable, value in zip(self.model.variables, initial_values(spec), strict=True):
            variable.assign(value)
        for variable, value in zip(self.model.optimizer.variables, self.zeros, strict=True):
            variable.assign(value)
        self.model.optimizer.learning_rate = spec.learning_rate
        x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
        training = plan_for(spec).training_rows
        size = tf.constant(plan_for(spec).first.batch_size)
        epochs = []
        for epoch in range(int(spec.budget)):
            visit = order(training, seed=spec.seed, epoch=epoch)
            self.model.reset_metrics()
            parts = [self.epoch(x[visit], y[visit], size), self.evaluated(x[:training], y[:training])]
            parts.append(self.evaluated(x[training:], y[training:]) if training < len(x) else [np.nan] * 2)
            epochs.append(np.concatenate([np.asarray(part, np.float64) for part in parts]))
        names = "loss", "metric", "train_loss", "train_metric", "val_loss", "val_metric"
        return dict(zip(names, np.array(epochs).T, strict=True))


def assert_same(mine: NDArray[Any], other: NDArray[Any], rtol: float, where: str) -> None:
    """Equal to `rtol`, or to 1e-6 near 0; what is not finite is missing in both."""
    other = np.where(np.isfinite(other), other, np.nan)
    np.testing.assert_allclose(mine, other, rtol=rtol, atol=1e-6, err_msg=where)


def test_every_epoch_is_that_of_keras() -> None:
    """All numbers differ by at most 6e-7 of themselves on the machine where this was written; 1e-5 is allowed."""
    specs = drawn_specs()
    assert {spec.optimizer for spec in specs} == set(OPTIMIZERS)
    assert {spec.activation for spec in specs if spec.hidden} == set(ACTIVATIONS)
    assert {len(spec.hidden) for spec in specs} == {0, 1, 2, 3}
    assert {spec.dataset for spec in specs} == set(DATASETS)
    answers = iter(trained(specs))
    for _, members in groupby(specs, RunSpec.graph_key):
        plain: PlainKeras | None = None
        for spec in members:
            plain = plain or PlainKeras(spec)
            mine = next(answers)["rows"]
            at_ends = ~np.isnan(mine["loss"])
            for name, theirs in plain.rows(spec).items():
                assert_same(mine[name][at_ends], theirs, 1e-5, f"{name} of {spec}")


TEACHER: dict[str, Any] = {"dataset": "teacher", "rows": 90, "hidden": (6, 5), "activation": "gelu"}
DIGITS: dict[str, Any] = {"dataset": "digits", "rows": 70, "hidden": (9,), "activation": "silu"}
LINE: dict[str, Any] = {"dataset": "line", "rows": 40, "hidden": (), "optimizer": "sgd"}
RECORDED = {
    "inside epochs": RunSpec(**TEACHER, batch_size=1, budget=2),
    "a partial batch": RunSpec(**TEACHER, batch_size=7, budget=3, seed=2**31 - 1),
    "more than all rows": RunSpec(**TEACHER, batch_size=500, budget=4),
    "no rows held out": RunSpec(**TEACHER, batch_size=8, budget=2, validation_split=0),
    "cut inside its first epoch": RunSpec(**TEACHER, batch_size=2, budget_unit="updates", budget=23),
    "cut inside a later epoch": RunSpec(**TEACHER, batch_size=16, budget_unit="updates", budget=13),
    "cut at an epoch's end": RunSpec(**TEACHER, batch_size=16, budget_unit="updates", budget=10),
    "cut by its examples": RunSpec(**TEACHER, batch_size=10, budget_unit="examples", budget=101),
    "classes": RunSpec(**DIGITS, batch_size=5, budget=3),
    "all classes in one batch": RunSpec(**DIGITS, batch_size="full", budget=3, validation_split=0.5),
    "a rate that follows the batch": RunSpec(**LINE, batch_size=2, budget=3, learning_rate_rule="linear"),
    "one row": RunSpec(**LINE | {"rows": 2}, batch_size=1, budget=3, validation_split=0.5, learning_rate=0.1),
    "no longer finite": RunSpec(**LINE, batch_size=3, budget=40, learning_rate=3.0),
    "no longer finite in its first epoch": RunSpec(**LINE, batch_size=1, budget=2, learning_rate=1000),
    "not finite in its last update": RunSpec(
        **LINE, batch_size=3, budget_unit="updates", budget=34, learning_rate=3.0
    ),
    "well above its start": RunSpec(**LINE, batch_size="full", budget=3, learning_rate=1.0),
}


@pytest.fixture(scope="module")
def recorded_answers() -> dict[str, Answer]:
    return dict(zip(RECORDED, trained([*RECORDED.values()]), strict=True))


@pytest.mark.parametrize("name", RECORDED)
def test_a_run_is_recorded_as_our_own_loop_records_it(name: str, recorded_answers: dict[str, Answer]) -> None:
    """To 5e-5, to which that loop is held beside Keras: it takes Adam's constants in another precision."""
    spec, answer, reports = RECORDED[name], recorded_answers[name], list[Report]()
    outcome = run_spec(spec, reports.append)
    assert (answer["status"], answer["reason"]) == (outcome.status, outcome.reason)
    assert answer["progress"]["updates"] == outcome.progress.updates
    assert answer["progress"]["examples"] == outcome.progress.examples
    assert answer["progress"]["epochs"] == pytest.approx(outcome.progress.epochs)
    assert answer["progress"]["fraction"] == outcome.progress.updates / plan_for(spec).updates
    epochs = merged(
        *(join((getattr(report, kind) for report in reports), kind) for kind in ("epochs", "measured"))
    )
    for column, values in answer["rows"].items():
        assert_same(values, epochs[column], 5e-5, column)
    updates = join((report.updates for report in reports), "updates")
    for column in ("loss", "metric"):
        np.testing.assert_allclose(answer[column], updates[column], rtol=5e-5, atol=1e-6, err_msg=column)


def test_the_runs_that_are_recorded_end_in_every_way(recorded_answers: dict[str, Answer]) -> None:
    reasons = {
        name: answer["reason"] for name, answer in recorded_answers.items() if answer["status"] == "diverged"
    }
    assert set(reasons) == {name for name in RECORDED if "finite" in name or "above" in name}
    assert "no longer" not in reasons["well above its start"]
    inside = [
        name for name, answer in recorded_answers.items() if np.isnan(answer["rows"]["loss"][1:-1]).any()
    ]
    assert len(inside) > 5, "measured inside an epoch"
