"""A run trained once more and looked into, against closed forms and plain SGD in NumPy's float64."""

from __future__ import annotations

import numpy as np
import pytest

from batchviz.engine.inspecting import inspected
from batchviz.experiment import datasets
from batchviz.experiment.inspection import MAX_FRAMES, Inspection, frame_updates
from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.training.inspecting import batch_gradients, frames_of
from batchviz.training.run import cached_model, initial_values, record

LINE = RunSpec(
    dataset="line", rows=100, hidden=(), batch_size=16, optimizer="sgd", learning_rate=0.05, budget=3
)
MOONS = RunSpec(dataset="moons", rows=100, hidden=(4,), batch_size=16, learning_rate=0.02, budget=2)


def line_rows() -> tuple[np.ndarray, np.ndarray]:
    x, y = datasets.load("line", 100, LINE.noise, LINE.data_seed)
    return x[:80, 0].astype(np.float64), np.asarray(y[:80, 0], np.float64)


def look(spec: RunSpec, updates: int) -> Inspection:
    return Inspection.from_bytes(inspected(spec, updates, None, lambda: False).to_bytes())


@pytest.fixture(scope="module")
def line() -> Inspection:
    return look(LINE, 15)


@pytest.fixture(scope="module")
def moons() -> Inspection:
    return look(MOONS, 10)


def test_the_path_of_two_weights_is_that_of_sgd_over_the_samplers_batches(line: Inspection) -> None:
    kernel, bias = (value.numpy().item() for value in initial_values(LINE))
    x, y = line_rows()
    path = [(kernel, bias)]
    for epoch in range(3):
        for batch in order(80, seed=LINE.seed, epoch=epoch).reshape(5, 16):
            wrong = 2 * (x[batch] * kernel + bias - y[batch])
            kernel, bias = kernel - 0.05 * (wrong * x[batch]).mean(), bias - 0.05 * wrong.mean()
            path.append((kernel, bias))
    assert line.updates.tolist() == list(range(16))
    assert line.surface is not None
    assert line.surface.path == pytest.approx(np.array(path), rel=1e-4, abs=1e-5)
    assert line.epochs == pytest.approx(np.arange(16) / 5)


def test_the_loss_of_two_weights_is_the_mean_squared_error_at_every_place(line: Inspection) -> None:
    x, y = line_rows()
    found = line.surface
    assert found is not None
    side = len(found.loss)
    kernels, biases = (np.linspace(found.low[axis], found.high[axis], side) for axis in range(2))
    expected = [[np.mean((x * kernel + bias - y) ** 2) for kernel in kernels] for bias in biases]
    assert found.loss == pytest.approx(np.array(expected), rel=1e-4)
    at_path = [np.mean((x * kernel + bias - y) ** 2) for kernel, bias in found.path]
    assert line.loss == pytest.approx(at_path, rel=1e-4)
    assert (found.low < found.path.min(axis=0)).all()
    assert (found.high > found.path.max(axis=0)).all()


def test_arrows_are_the_gradients_of_the_batches_to_come(line: Inspection) -> None:
    """In a space of two directions nothing is left out: lengths and angles are those of the closed form."""
    x, y = line_rows()
    arrows = line.arrows
    assert arrows is not None
    assert line.surface is not None
    for place, frame in enumerate(arrows.frames):
        kernel, bias = line.surface.path[frame].astype(np.float64)
        wrong = 2 * (x * kernel + bias - y)
        each = np.stack([wrong * x, wrong], axis=1)
        full = each.mean(axis=0)
        batches = each[order(80, seed=LINE.seed, epoch=frame // 5)].reshape(5, 16, 2).mean(axis=1)
        assert arrows.length[place] == pytest.approx(np.linalg.norm(full), rel=1e-3)
        apart = np.mean(np.sum((batches - full) ** 2, axis=1)) ** 0.5
        assert arrows.distance[place] == pytest.approx(apart, rel=1e-3)
        assert arrows.in_plane[place] == pytest.approx(1, abs=1e-4)
        tips = arrows.tips[place]
        assert np.linalg.norm(tips, axis=1) == pytest.approx(np.linalg.norm(batches, axis=1), rel=1e-3)
        assert tips[:, 0] == pytest.approx(batches @ full / np.linalg.norm(full), rel=1e-3, abs=1e-5)


def test_the_boundary_is_what_the_network_names_at_the_end_of_its_own_run(moons: Inspection) -> None:
    record(MOONS)
    model = cached_model(MOONS).model
    found = moons.boundary
    assert found is not None
    side = found.classes.shape[1]
    first, second = (np.linspace(found.low[axis], found.high[axis], side) for axis in range(2))
    for row, column in ((0, 0), (7, 40), (side - 1, 3), (20, side - 1), (30, 30)):
        place = np.array([[first[column], second[row]]], np.float32)
        named = model(place, training=False).numpy().argmax()
        assert found.classes[-1, row, column] == named
    assert len(np.unique(found.classes[-1])) == 2
    x, y = datasets.load("moons", 100, 0.1, 0)
    np.testing.assert_array_equal(found.x, x[:80])
    np.testing.assert_array_equal(found.y, y[:80])


def test_looking_changes_nothing_of_the_training(moons: Inspection) -> None:
    recording = record(MOONS)
    assert moons.loss[0] == pytest.approx(recording.initial["train_loss"], rel=1e-6)
    assert moons.loss[-1] == pytest.approx(recording.train_loss[-1], rel=1e-6)


@pytest.mark.parametrize("changes", [{"batch_norm": True}, {"dropout": 0.5}, {"accumulation": 3}])
def test_any_network_has_arrows_and_keeps_its_weights_while_they_are_taken(changes: dict) -> None:
    spec = MOONS.replace(**changes)
    updates = plan_for(spec).updates or 0
    frames = frames_of(spec, updates)
    found = batch_gradients(spec, frames, 0)
    assert found is not None
    assert found.examples == 16 * spec.accumulation
    assert np.isfinite(found.each).all()
    for variable, kept in zip(cached_model(spec).model.variables, frames.weights[0], strict=True):
        np.testing.assert_array_equal(variable.numpy(), kept)


def test_a_diverged_run_is_drawn_as_long_as_its_numbers_are_finite() -> None:
    found = look(LINE.replace(learning_rate=1000, budget=20), 100)
    assert 1 < len(found.updates) < 101
    assert np.isfinite(found.loss).all()


def test_frames_are_few_and_hold_the_start_the_end_and_the_ends_of_epochs() -> None:
    few = frame_updates(plan_for(MOONS), 10)
    assert few == tuple(range(11))
    many = frame_updates(plan_for(MOONS.replace(batch_size=1, budget=20)), 1600)
    assert len(many) <= MAX_FRAMES
    assert {0, 1, *range(80, 1601, 80)} <= set(many)
    thousands = frame_updates(plan_for(MOONS.replace(budget=5000)), 25_000)
    assert len(thousands) <= MAX_FRAMES
    assert {0, 25_000} <= set(thousands)
    assert all(update % 5 == 0 for update in thousands if update > 5)
