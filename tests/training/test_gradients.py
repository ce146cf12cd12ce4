"""The gradient of every row by itself, against closed forms in NumPy's float64."""

from __future__ import annotations

import numpy as np
import pytest

from batchviz.errors import SpecError
from batchviz.experiment import datasets
from batchviz.experiment.order import order
from batchviz.experiment.spec import RunSpec
from batchviz.training.gradients import row_gradients
from batchviz.training.run import cached_model, initial_values, record

LINEAR = RunSpec(dataset="teacher", rows=300, hidden=(), batch_size=8, optimizer="sgd", learning_rate=0.05)


def closed_form(spec: RunSpec, weights: list[np.ndarray]) -> np.ndarray:
    """Of (x w + b - y)^2: 2 (x w + b - y) times x, and times 1."""
    x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
    x, y = x[:240].astype(np.float64), np.asarray(y[:240], np.float64)
    kernel, bias = (np.asarray(each, np.float64) for each in weights)
    return 2 * (x @ kernel + bias - y) * np.concatenate([x, np.ones((240, 1))], axis=1)


def test_at_the_first_weights_they_are_those_of_the_closed_form() -> None:
    weights = [value.numpy() for value in initial_values(LINEAR)]
    assert row_gradients(LINEAR) == pytest.approx(closed_form(LINEAR, weights), rel=1e-4, abs=1e-5)


def test_after_some_updates_they_are_those_at_the_weights_that_the_run_has_then() -> None:
    """SGD in float64, over the sampler's batches, leads to the weights."""
    kernel, bias = (value.numpy().astype(np.float64) for value in initial_values(LINEAR))
    x, y = datasets.load(LINEAR.dataset, LINEAR.rows, LINEAR.noise, LINEAR.data_seed)
    for batch in order(240, seed=LINEAR.seed, epoch=0)[: 5 * 8].reshape(5, 8):
        wrong = 2 * (x[batch] @ kernel + bias - y[batch]) / 8
        kernel, bias = kernel - 0.05 * x[batch].T @ wrong, bias - 0.05 * wrong.sum(axis=0)
    assert row_gradients(LINEAR, 5) == pytest.approx(closed_form(LINEAR, [kernel, bias]), rel=1e-3, abs=1e-4)


def test_of_classes_their_mean_is_the_gradient_that_an_update_of_all_rows_makes() -> None:
    spec = RunSpec(
        dataset="digits", rows=200, hidden=(4,), batch_size="full", optimizer="sgd", learning_rate=1.0
    )
    before = np.concatenate([value.numpy().ravel() for value in initial_values(spec)])
    record(spec.replace(budget_unit="updates", budget=1))
    after = np.concatenate([np.ravel(variable) for variable in cached_model(spec).model.get_weights()])
    assert row_gradients(spec).mean(axis=0) == pytest.approx(before - after, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("changes", [{"batch_norm": True}, {"dropout": 0.5}, {"hidden": (2000, 2000)}])
def test_where_a_row_has_no_gradient_of_its_own_or_there_are_too_many_it_says_so(changes: dict) -> None:
    with pytest.raises(SpecError, match=r"^Gradients: got .*xpected"):
        row_gradients(RunSpec(**changes))
