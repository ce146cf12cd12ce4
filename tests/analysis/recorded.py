"""Runs for comparisons: really trained ones, and made-up ones of known values."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from unittest.mock import patch

import numpy as np

from batchviz.analysis.pace import Clocks, network
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint
from batchviz.experiment.moments import of_a_race
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Source, Status
from batchviz.experiment.series import SERIES, Series, merged
from batchviz.experiment.spec import RunSpec


@functools.cache
def trained(spec: RunSpec, measure_at: tuple[int, ...] = ()) -> tuple[Run, Series, Series]:
    """A real run, its measurements (but none inside an epoch unless asked for) and its updates.

    The same spec trains once.
    """
    from batchviz.training.run import run_spec

    pieces = []
    outcome = run_spec(spec, report=pieces.append, measure_at=measure_at)
    epochs = {
        name: np.concatenate([piece.epochs[name] for piece in pieces]) for name in SERIES["epochs"].names
    }
    updates = {
        name: np.concatenate([piece.updates[name] for piece in pieces]) for name in SERIES["updates"].names
    }
    inside = {
        name: np.concatenate([piece.measured[name] for piece in pieces]) for name in SERIES["measured"].names
    }
    if measure_at:
        epochs = merged(epochs, inside)
    run = Run(
        id=spec.hash[:12], attempt=1, spec=spec, status=outcome.status, reason=outcome.reason, owner="ada",
        created=0.0, progress=outcome.progress, final=outcome.final,
    )  # fmt: skip
    return run, epochs, updates


def training(specs: Sequence[RunSpec]) -> tuple[list[Run], dict[str, Series]]:
    """Real runs of these specs, as of a race, and their measurements."""
    found = [trained(spec, asked) for spec, asked in zip(specs, of_a_race(specs), strict=True)]
    return [run for run, _, _ in found], {run.id: epochs for run, epochs, _ in found}


def replicates(spec: RunSpec, seeds: Iterable[int]) -> list[tuple[Run, Series]]:
    """Real runs of one perceptron's spec, each from a start and in an order of its own seed, trained together.

    Their weights are drawn as Keras draws them (Glorot uniform, biases 0): to build a model for every seed, as
    `trained` does, takes many times as long as to train it.
    """
    import tensorflow as tf

    from batchviz.experiment import models
    from batchviz.training import replicas, run
    from batchviz.training.reports import epoch_row

    shapes = [tuple(variable.shape) for variable in models.build(spec.network).variables]
    reaches = [np.sqrt(6 / sum(shape)) if len(shape) == 2 else 0.0 for shape in shapes]

    def start(of: RunSpec) -> list[object]:
        random = np.random.default_rng(of.seed)
        drawn = [random.uniform(-reach, reach, shape) for shape, reach in zip(shapes, reaches, strict=True)]
        return [tf.constant(values, tf.float32) for values in drawn]

    numbers = list(seeds)
    with patch.object(run, "initial_values", start):
        recordings = replicas.record_replicas([spec.replace(seed=seed) for seed in numbers])
    found = []
    for seed, recording in zip(numbers, recordings, strict=True):
        rows = [epoch_row(recording, number) for number in range(-1, int(spec.budget))]
        columns = {name: np.array([row[name] for row in rows], np.float32) for name in SERIES["epochs"].names}
        made_of = {"id": f"seed{seed}", "attempt": 1, "spec": spec, "status": recording.status, "reason": ""}
        found.append((Run(**made_of, owner="ada", created=0.0), columns))  # type: ignore[arg-type]
    return found


def made(
    spec: RunSpec | None = None,
    values: Sequence[float] = (1.0, 0.5, 0.25),
    *,
    run_id: str = "",
    status: Status = Status.DONE,
    source: Source = Source.HERE,
    title: str = "",
    seconds: float = 1.0,
    **columns: Sequence[float],
) -> tuple[Run, Series]:
    """A run whose row k, after k epochs, has `values[k]` as its val_loss; training values lie .1 below.

    `seconds` is what an epoch takes; `columns` replace whole columns.
    """
    spec = spec or RunSpec()
    plan, count = plan_for(spec), len(values)
    epochs = np.arange(count)
    rows: dict[str, np.ndarray] = {
        "updates": epochs * plan.first.updates,
        "examples": epochs * plan.training_rows,
        "seconds": epochs * seconds,
        "loss": np.where(epochs > 0, np.array(values), np.nan),
        "metric": np.where(epochs > 0, np.array(values), np.nan),
        "train_loss": np.array(values) - 0.1,
        "train_metric": np.array(values) - 0.1,
        "val_loss": np.array(values),
        "val_metric": np.array(values),
        **{name: np.array(column) for name, column in columns.items()},
    }
    run = Run(
        id=run_id or f"{spec.hash[:10]}{source}{title}", attempt=1, spec=spec, status=status, reason="",
        owner="ada", created=0.0, source=source, title=title,
    )  # fmt: skip
    return run, {name: np.asarray(rows[name], np.float32) for name in SERIES["epochs"].names}


def together(*found: tuple[Run, Series]) -> tuple[list[Run], Mapping[str, Series]]:
    """Made-up runs as a comparison takes them."""
    return [run for run, _ in found], {run.id: rows for run, rows in found}


def clock(overhead: float = 4e-6, per_example: float = 1e-7, network: str = "any", **fields: object) -> Clock:
    """One on which an update over B examples takes overhead + B per_example seconds."""
    points = tuple(ClockPoint(size, *[overhead + per_example * size] * 3) for size in (1, 10_000))
    given = {"path": ClockPath.LOOP, "machine": "Test, 2 cores", "measured": 1.79e9} | fields
    return Clock(network, points=points, **given)  # type: ignore[arg-type]


def clocks(runs: Iterable[Run], path: ClockPath = ClockPath.LOOP, **ticks: float) -> Clocks:
    """A clock for the network of each of these runs."""
    keys = {key for run in runs if (key := network(run)) is not None}
    return Clocks(path, {key: clock(network=key, path=path, **ticks) for key in keys})
