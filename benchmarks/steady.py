"""Microseconds an update at batch size 1, compiled, against JAX: `lax.scan` over the epoch with optax' Adam."""

from __future__ import annotations

import importlib.util
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from batchviz.experiment.spec import RunSpec
from benchmarks.peer import arrays
from benchmarks.process import fresh, warm_worker
from benchmarks.row import Row

NAME = "B=1 steady state, an update"
SPEC = RunSpec.parse({"batch_size": 1, "budget": 10})


def rows(repeats: int) -> list[Row]:
    """One row; skipped without JAX."""
    missing = [name for name in ("jax", "optax") if importlib.util.find_spec(name) is None]
    if missing:
        return [Row.skip(NAME, f"{' and '.join(missing)} missing; pip install -c constraints.txt jax optax")]
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = [], []
        for _ in range(repeats):
            ours.append(fresh("benchmarks.steady.ours", Path(folder)))
            theirs.append(fresh("benchmarks.steady.theirs", Path(folder)))
    note = "loss and MAE of every update recorded by both; ours: training seconds / updates of a whole run"
    return [Row(NAME, ours, theirs, "us", "within", 3, note)]


def ours() -> float:
    """Training time over updates of a run whose shape was compiled before; the calls' overhead included."""
    from batchviz.training import record

    warm_worker()
    record(SPEC)
    samples = []
    for _ in range(5):
        progress = record(SPEC).progress
        samples.append(1e6 * progress.seconds / progress.updates)
    return float(np.median(samples))


def theirs() -> float:
    """The same network, data and optimiser: one jitted scan an epoch."""
    import jax  # type: ignore[import-not-found,unused-ignore]
    import jax.numpy as jnp  # type: ignore[import-not-found,unused-ignore]
    import optax  # type: ignore[import-untyped,import-not-found,unused-ignore]

    x, y = (jnp.asarray(values[:800]) for values in arrays(SPEC))
    random = np.random.default_rng(0)
    limits = [(10, 16), (16, 1)]
    weights: Any = [
        (jnp.asarray(random.normal(size=shape).astype(np.float32) * 0.3), jnp.zeros(shape[1], jnp.float32))
        for shape in limits
    ]
    adam = optax.adam(SPEC.learning_rate, eps=1e-7)

    def loss_of(weights: Any, x: Any, y: Any) -> Any:
        (first, first_bias), (second, second_bias) = weights
        error = jax.nn.relu(x @ first + first_bias) @ second + second_bias - y
        return jnp.mean(error**2), jnp.mean(jnp.abs(error))

    def update(carry: Any, row: Any) -> Any:
        weights, state = carry
        (loss, mae), gradients = jax.value_and_grad(loss_of, has_aux=True)(
            weights, x[row][None], y[row][None]
        )
        changes, state = adam.update(gradients, state)
        return (optax.apply_updates(weights, changes), state), (loss, mae)

    epoch = jax.jit(lambda carry, visit: jax.lax.scan(update, carry, visit))
    carry = weights, adam.init(weights)
    samples = []
    for number in range(30):
        visit = jnp.asarray(random.permutation(800).astype(np.int32))
        begun = time.perf_counter()
        carry, recorded = epoch(carry, visit)
        jax.tree.map(np.asarray, recorded)
        if number:
            samples.append(1e6 * (time.perf_counter() - begun) / 800)
    return float(np.median(samples))
