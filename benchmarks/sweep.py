"""Whole sweeps: replicas trained together against Keras' `fit`, against single runs, and against JAX' `vmap`."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from benchmarks.ladder import SIZES
from benchmarks.peer import arrays, keras_fit, seconds, worker_run
from benchmarks.process import fresh, warm_worker
from benchmarks.row import Row

RATES = (0.0001, 0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03)
SEEDS = 5
GRID = f"11 B x {len(RATES)} rates x 3 seeds (264 runs), article"
DIGITS = {"dataset": "digits", "hidden": (128,), "epochs": 20}
TARGETS = (1.0, 0.5, 0.25)


def rows(repeats: int) -> list[Row]:
    """Ours is repeated; an hour of Keras' `fit` and of single runs is not: they are measured once."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = [fresh("benchmarks.sweep.seeds", Path(folder) / f"seeds{i}") for i in range(repeats)]
        keras = [fresh("benchmarks.sweep.keras_seeds", Path(folder) / "keras")]
        grids = [fresh("benchmarks.sweep.grid", Path(folder) / f"grid{i}") for i in range(repeats)]
        cores = os.cpu_count() or 1
        spread = [
            fresh("benchmarks.sweep.grid", Path(folder) / "spread", workers=cores)["warm"]
            for _ in range(repeats)
        ]
        with ThreadPoolExecutor(cores) as pool:
            shares = pool.map(
                lambda core: fresh("benchmarks.sweep.singles", Path(folder) / "one", core=core, cores=cores),
                range(cores),
            )
            singles = [max(shares)]
        jax = _jax(repeats, Path(folder))
        digits = [fresh("benchmarks.sweep.digits", Path(folder) / "digits") / 60]
    both = "model, data, evaluations and records included"
    return [
        Row("11 B x 5 seeds x 10 epochs, article, warm", [s["warm"] for s in seeds], keras, "s", "faster", 150, both),
        Row("the same, nothing compiled", [s["cold"] for s in seeds], keras, "s", "faster", 40, both),
        Row(f"{GRID}, warm, all cores", spread, singles, "s", "faster", 5, "peer: single runs on all cores, warm"),
        Row(f"{GRID}, compiling", [g["cold"] for g in grids], jax, "s", "within", 2, "JAX evaluates nothing")
        if jax
        else Row.skip(f"{GRID}, against JAX", "jax or optax missing; pip install -c constraints.txt jax optax"),
        Row("digits MLP, 11 B x 8 rates x 3 seeds to three targets", digits, (), "min", "below", 3, "all cores"),
    ]  # fmt: skip


def seeds() -> dict[str, float]:
    """Every batch size with five seeds in one process: nothing compiled, and again."""
    return _twice({"batch_sizes": SIZES, "learning_rates": (0.001,), "seeds": SEEDS, "epochs": 10})


def grid(workers: int = 1) -> dict[str, float]:
    """Every batch size at eight rates with three seeds; what would report the chosen ones is left out."""
    return _twice(
        {"batch_sizes": SIZES, "learning_rates": RATES, "seeds": 3, "report_seeds": 1, "epochs": 10}, workers
    )


def _twice(settings: dict[str, Any], workers: int = 1) -> dict[str, float]:
    """In this process, or in so many of their own, which are started before and trained all of it before."""
    from batchviz.experiment.moments import of_a_sweep
    from batchviz.experiment.sweep_spec import SweepSpec
    from batchviz.notebook.sweep_training import Trainer

    warm_worker()
    spec = SweepSpec.parse(settings)
    measure_at = of_a_sweep(spec)
    tasks = [(each, measure_at[each.batch_size]) for each in spec.selection_specs]
    with Trainer(workers, lambda: False) as trainer:

        def train() -> None:
            assert sum(1 for _ in trainer.train(tasks)) == len(tasks)

        cold = seconds(train)
        # Which process is given what is chance: each has met it all after a few times.
        for _ in range(4 * (workers > 1)):
            train()
        return {"cold": cold, "warm": seconds(train)}


def keras_seeds() -> float:
    """The same runs by Keras' `fit`, one after another."""
    warm_worker()
    keras_fit(RunSpec.parse({"hidden": (3,), "budget": 1}))
    specs = [RunSpec.parse({"batch_size": size, "seed": seed}) for size in SIZES for seed in range(SEEDS)]
    return sum(keras_fit(spec) for spec in specs)


def singles(core: int, cores: int) -> float:
    """This core's share of the grid's runs, each alone, by a worker that trained their kind before."""
    warm_worker()
    specs = [
        RunSpec.parse({"batch_size": size, "learning_rate": rate, "seed": seed})
        for size in SIZES for rate in RATES for seed in range(3)
    ]  # fmt: skip
    for size in SIZES:
        worker_run(RunSpec.parse({"batch_size": size}))
    return sum(worker_run(spec) for spec in specs[core::cores])


def digits() -> float:
    """A sweep from nothing on all cores, its answer included."""
    from batchviz.notebook.sweep import sweep

    def run() -> None:
        assert sweep(
            batch_sizes=SIZES, learning_rates=RATES, seeds=3, targets=TARGETS, progress=False,
            workers=os.cpu_count() or 1, **DIGITS,
        ).sentences  # fmt: skip

    return seconds(run)


def _jax(repeats: int, folder: Path) -> Sequence[float]:
    if any(importlib.util.find_spec(name) is None for name in ("jax", "optax")):
        return ()
    return [fresh("benchmarks.sweep.jax_grid", folder / "jax") for _ in range(repeats)]


def jax_grid() -> float:
    """The grid's updates by JAX: replicas under `vmap`, batches under `lax.scan`, compilation included."""
    import jax  # type: ignore[import-not-found,unused-ignore]
    import jax.numpy as jnp  # type: ignore[import-not-found,unused-ignore]
    import optax  # type: ignore[import-untyped,import-not-found,unused-ignore]

    plan = plan_for(RunSpec())
    x, y = (jnp.asarray(values[: plan.training_rows]) for values in arrays(RunSpec()))
    random = np.random.default_rng(0)
    replicas = [(rate, seed) for rate in RATES for seed in range(3)]
    rates = jnp.asarray([rate for rate, _ in replicas])

    def loss_of(weights: Any, x: Any, y: Any, mask: Any) -> Any:
        (first, first_bias), (second, second_bias) = weights
        error = jax.nn.relu(x @ first + first_bias) @ second + second_bias - y
        count = mask.sum()
        return (mask * error**2).sum() / count, (mask * jnp.abs(error)).sum() / count

    def train(rate: Any, weights: Any, state: Any, visits: Any, mask: Any) -> Any:
        adam = optax.adam(rate, eps=1e-7)

        def update(carry: Any, batch: Any) -> Any:
            weights, state = carry
            visit, there = batch
            values, gradients = jax.value_and_grad(loss_of, has_aux=True)(
                weights, x[visit], y[visit], there[:, None]
            )
            changes, state = adam.update(gradients, state)
            return (optax.apply_updates(weights, changes), state), values

        return jax.lax.scan(update, (weights, state), (visits, mask))

    def ladder() -> None:
        for size in SIZES:
            batch = plan.training_rows if size == "full" else int(size)
            batches = -(-plan.training_rows // batch)
            mask = jnp.asarray(
                np.arange(batches * batch).reshape(batches, batch) < plan.training_rows, jnp.float32
            )
            weights = [
                (
                    jnp.asarray(random.normal(size=(len(replicas), *shape)).astype(np.float32) * 0.3),
                    jnp.zeros((len(replicas), shape[1]), jnp.float32),
                )
                for shape in ((10, 16), (16, 1))
            ]
            state = jax.vmap(optax.adam(0.001, eps=1e-7).init)(weights)
            epoch = jax.jit(jax.vmap(train, in_axes=(0, 0, 0, 0, None)))
            for number in range(10):
                visits = np.stack(
                    [order(plan.training_rows, seed=seed, epoch=number) for _, seed in replicas]
                )
                padded = np.pad(visits, ((0, 0), (0, batches * batch - plan.training_rows)))
                tables = jnp.asarray(padded.reshape(len(replicas), batches, batch).astype(np.int32))
                (weights, state), recorded = epoch(rates, weights, state, tables, mask)
                jax.tree.map(np.asarray, recorded)

    return seconds(ladder)
