"""What is drawn as floor is what training records of a model that knows the law, on the rows of that very run."""

import keras
import numpy as np
import pytest

from batchviz.experiment import datasets
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.training import fit, record


@pytest.mark.parametrize("settings", [{}, {"data_seed": 5, "rows": 333, "validation_split": 0.35}])
def test_a_model_that_always_answers_one_half_is_recorded_at_the_floor(settings):
    spec = RunSpec(**settings)
    floor = plan_for(spec).floor
    x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
    half = keras.Sequential([keras.Input((10,)), keras.layers.Dense(1)])
    half.set_weights([np.zeros((10, 1)), np.full(1, 0.5)])
    half.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse", metrics=["mae"])
    recording = fit(half, x, y, epochs=1, validation_split=spec.validation_split)
    final = {name: values[-1] for name, values in recording.epochs.items()}
    assert final["val_loss"] == pytest.approx(floor.validation.loss, rel=1e-5)
    assert final["val_mae"] == pytest.approx(floor.validation.metric, rel=1e-5)
    assert final["train_loss"] >= floor.training.loss * (1 - 1e-6), "it has memorised nothing"


def test_what_is_called_memorising_is_a_network_that_answers_by_the_inputs():
    recording = record(RunSpec(hidden=(64, 64), learning_rate=0.01, budget=40))
    final = {name: values[-1] for name, values in recording.epochs.items()}
    floor = plan_for(RunSpec()).floor
    assert final["train_loss"] < floor.training.loss
    assert final["val_loss"] > floor.validation.loss
