"""Runs for comparisons: really trained ones, and made-up ones of known values."""

import functools
from collections.abc import Iterable, Mapping, Sequence

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
    """Real runs of one perceptron's spec, each from a start and in an order of its own seed.

    They share one compiled model, whose weights are drawn anew as Keras draws them (Glorot uniform, biases 0): to build
    a model for every seed, as `trained` does, takes several times as long as to train it.
    """
    from batchviz.experiment import datasets, models, optimizers
    from batchviz.training.fit import fit
    from batchviz.training.loop import Loop
    from batchviz.training.reports import epoch_row

    x, y = datasets.find(spec.dataset).load(spec.rows, spec.noise, spec.data_seed)
    model = models.build(spec.network)
    optimizer = optimizers.build(spec.optimizer, learning_rate=spec.learning_rate, momentum=spec.momentum)
    model.compile(
        optimizer=optimizer,
        loss="mse",
        metrics=["mae"],
    )
    model.optimizer.build(model.trainable_variables)
    loop, found = Loop(model, x, y, accumulates=False), []
    for seed in seeds:
        random = np.random.default_rng(seed)
        for variable in model.variables:
            reach = np.sqrt(6 / sum(variable.shape)) if len(variable.shape) == 2 else 0.0
            variable.assign(random.uniform(-reach, reach, variable.shape))
        for variable in model.optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        recording = fit(
            model, x, y, batch_size=spec.batch_size, epochs=int(spec.budget), seed=seed, loop=loop,
            validation_split=spec.validation_split, learning_rate=lambda epoch: spec.learning_rate, verbose=0,
        )  # fmt: skip
        rows = [epoch_row(recording, number) for number in range(-1, int(spec.budget))]
        run = Run(
            id=f"seed{seed}", attempt=1, spec=spec, status=recording.status, reason="", owner="ada", created=0.0,
        )  # fmt: skip
        found.append(
            (
                run,
                {name: np.array([row[name] for row in rows], np.float32) for name in SERIES["epochs"].names},
            )
        )
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
