"""The gradient of every training row by itself, at the weights that a run has after some updates.

Of them the gradient of any batch is the mean, as long as rows answer for themselves: with batch normalisation they do
not, and with dropout a gradient is another one every time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.errors import SpecError
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.training.run import arrays, cached_model, record, row_losses

MAX_NUMBERS = 20_000_000
"""Rows x parameters: 80 MB."""
CHUNK = 256


def row_gradients(spec: RunSpec, update: int = 0) -> NDArray[np.float32]:
    """Of the loss of each training row, (training rows, parameters), after `update` updates of this run.

    Raises SpecError where a row's gradient means nothing, or all of them are too many numbers.
    """
    plan = plan_for(spec)
    if spec.batch_norm or spec.dropout:
        raise SpecError(
            "Gradients: got a network with batch normalisation or dropout, in which no row has a gradient of its own. "
            "Expected one without; switch both off."
        )
    if plan.training_rows * plan.size.parameters > MAX_NUMBERS:
        raise SpecError(
            f"Gradients: got {plan.training_rows:,} rows of {plan.size.parameters:,} parameters; expected at most "
            f"{MAX_NUMBERS:,} numbers. Take fewer rows or a smaller network."
        )
    if update:
        record(spec.replace(budget_unit="updates", budget=update), measure_at=None)
        model = cached_model(spec).model
    else:
        entry = cached_model(spec)
        entry.start_from(spec)
        model = entry.model
    x, y = arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, None, plan.training_rows)
    rows = range(0, plan.training_rows, CHUNK)
    ends = (min(start + CHUNK, plan.training_rows) for start in rows)
    return np.concatenate(
        [
            _batch_gradients(model, spec, x[start:end], y[start:end])
            for start, end in zip(rows, ends, strict=True)
        ]
    )


def _batch_gradients(model: Any, spec: RunSpec, x: Any, y: Any) -> NDArray[np.float32]:
    weights = [variable.value for variable in model.trainable_variables]
    with tf.GradientTape() as tape:
        losses = row_losses(spec)(y, model(x, training=True))
    jacobians = tape.jacobian(losses, weights)
    return np.concatenate([part.numpy().reshape(len(x), -1) for part in jacobians], axis=1)
