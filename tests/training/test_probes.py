"""What probes measure, beside closed forms and NumPy: none is its own witness."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from batchviz.experiment.probes import Probe
from batchviz.experiment.spec import RunSpec
from batchviz.training.curvature import Curvature
from batchviz.training.probes import PROBES, carry_out
from batchviz.training.probes.double_well import TILT, _minimum
from batchviz.training.run import seeded_model

LINEAR = RunSpec.parse({"dataset": "teacher", "rows": 200, "hidden": (), "optimizer": "sgd", "seed": 3})


def rows(spec):
    from batchviz.experiment import datasets

    x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
    count = int(spec.rows * 0.8)
    return x[:count].astype(np.float64), y[:count].astype(np.float64)


def test_the_sharpness_of_a_linear_model_is_that_of_its_inputs():
    x, y = rows(LINEAR)
    variables = [tf.Variable(value) for value in (np.zeros((10, 1), np.float32), np.zeros(1, np.float32))]
    curvature = Curvature(
        lambda a, b: tf.reduce_mean(tf.square(a @ variables[0] + variables[1] - b), -1), variables
    )
    with_bias = np.hstack([x, np.ones((len(x), 1))])
    exact = np.linalg.eigvalsh(2 * with_bias.T @ with_bias / len(x))[-1]  # H = 2 X'X / N
    found = curvature.largest_eigenvalue(x.astype(np.float32), y.astype(np.float32))
    assert found == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize(("matrix", "largest"), [([[1, 0], [0, -5]], 1.0), ([[-1, 0], [0, -5]], -1.0)])
def test_the_largest_eigenvalue_is_not_the_one_of_the_largest_size(matrix, largest):
    variable = tf.Variable([0.3, 0.4])
    form = tf.constant(matrix, tf.float32)
    curvature = Curvature(
        lambda x, y: 0.5 * tf.reduce_sum(variable * tf.linalg.matvec(form, variable)), [variable]
    )
    found = curvature.largest_eigenvalue(tf.zeros(1), tf.zeros(1))
    assert found == pytest.approx(largest, rel=0.01)


def test_sharpness_is_measured_where_the_run_ended():
    spec = LINEAR.replace(batch_size=16, budget_unit="updates", budget=300, learning_rate=0.05)
    found = carry_out(Probe("sharpness", spec))
    x, y = rows(spec)
    with_bias = np.hstack([x, np.ones((len(x), 1))])
    assert found["sharpness"] == pytest.approx(
        np.linalg.eigvalsh(2 * with_bias.T @ with_bias / len(x))[-1], rel=0.01
    )
    best = np.linalg.lstsq(with_bias, y, rcond=None)[0]
    floor = float(np.mean((with_bias @ best - y) ** 2))
    assert floor < found["training loss"] < 1.1 * floor


def test_the_noise_of_gradients_is_that_of_their_covariance():
    found = carry_out(Probe("gradient_noise", LINEAR, (1, 8, 160)))
    x, y = rows(LINEAR)
    kernel, bias = (value.astype(np.float64) for value in seeded_model(LINEAR).get_weights())
    gradients = 2 * (x @ kernel + bias - y) * np.hstack([x, np.ones((len(x), 1))])
    whole = gradients.mean(axis=0)
    spread = ((gradients - whole) ** 2).sum(axis=1).mean()  # tr S_N
    count = found["rows"]
    assert count == len(x) == 160
    for size in (1, 8):
        exact = spread / size * (count - size) / (count - 1) / (whole**2).sum()
        assert found[f"B = {size}"] == pytest.approx(exact, rel=0.2)
    assert found["B = 160"] == pytest.approx(0, abs=1e-9)  # a batch of all rows has none


def test_paths_without_noise_stay_and_noisy_ones_cross_both_ways():
    spec = RunSpec(optimizer="sgd", learning_rate=0.05)
    found = carry_out(Probe("double_well", spec, (1, 64)))
    assert found["escaped, B = 64"] == found["left, B = 64"] == 0  # next to no noise
    assert found["escaped, B = 1"] > found["left, B = 1"] > 0
    for near in (1.0, -1.0):
        at = _minimum(near)
        assert 4 * at * (at**2 - 1) + TILT == pytest.approx(0, abs=1e-9)


def test_seconds_are_those_of_this_machine():
    found = carry_out(Probe("seconds_an_update", LINEAR, (4, 1024)))
    assert 0 < found["B = 4"] < found["B = 1024"] < 1


def test_memory_grows_by_what_the_layers_put_out():
    spec = RunSpec.parse({"dataset": "teacher", "hidden": (2048,), "optimizer": "sgd"})
    found = carry_out(Probe("peak_memory", spec))
    outputs = 4 * found["outputs of layers"]
    assert (found["inputs"], found["outputs of layers"]) == (10, 2049)
    assert outputs < found["bytes an example"] < 5 * outputs


def test_every_probe_is_tested_here():
    assert set(PROBES) == {"double_well", "gradient_noise", "peak_memory", "seconds_an_update", "sharpness"}
    assert keras.backend.backend() == "tensorflow"
