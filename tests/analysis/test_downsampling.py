"""A thinned series: a bounded number of recorded rows, none made up, no extreme lost, whatever it is made of."""

import numpy as np
import pytest

from batchviz.analysis.downsampling import HEAD, DownsampledSeries
from batchviz.analysis.limits import MAX_EPOCH_ROWS
from batchviz.analysis.units import positions, update_positions
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made


def series(count: int, seed: int = 0) -> Series:
    random = np.random.default_rng(seed)
    return {name: random.gamma(2, 0.1, count).astype(np.float32) for name in SERIES["epochs"].names}


def part(rows: Series, start: int, stop: int | None = None) -> Series:
    return {name: column[start:stop] for name, column in rows.items()}


def thinned(rows: Series, *, expected: int = 0, piece: int = 10_000) -> DownsampledSeries:
    few = DownsampledSeries(SERIES["epochs"].names, expected)
    for start in range(0, len(rows["loss"]), piece):
        few.extend(part(rows, start, start + piece), last=False)
    few.extend(part(rows, 0, 0), last=True)
    return few


@pytest.mark.parametrize("count", [0, 1, MAX_EPOCH_ROWS - 1, MAX_EPOCH_ROWS])
def test_a_series_that_is_not_too_long_is_kept_bit_for_bit(count: int) -> None:
    rows = series(count)
    few = thinned(rows)
    assert (few.stride, few.recorded) == (1, count)
    assert all(few.rows[name].tobytes() == rows[name].tobytes() for name in SERIES["epochs"].names)


@pytest.mark.parametrize("count", [MAX_EPOCH_ROWS + 1, 50_000, 700_001])
def test_a_longer_one_keeps_its_extremes_its_first_rows_and_its_last(count: int) -> None:
    rows = series(count)
    few = thinned(rows, piece=65_536)
    number = few.rows["number"].astype(int)
    assert MAX_EPOCH_ROWS / 3 < len(number) <= MAX_EPOCH_ROWS
    assert (np.diff(number) > 0).all(), "in order, none twice"
    head = int(MAX_EPOCH_ROWS * HEAD)
    assert (number[:head].tolist(), number[-1]) == (list(range(head)), count - 1)
    for name in SERIES["epochs"].names:
        assert np.array_equal(few.rows[name], rows[name][number]), "every row was recorded"
    for name in SERIES["epochs"].measures:
        assert (few.rows[name].min(), few.rows[name].max()) == (rows[name].min(), rows[name].max())


def test_every_stretch_keeps_the_extremes_of_every_curve() -> None:
    rows = series(50_000)
    few = thinned(rows)
    number, head = few.rows["number"].astype(int), int(MAX_EPOCH_ROWS * HEAD)
    for start in range(head, 50_000, few.stride):
        inside = (number >= start) & (number < start + few.stride)
        for name in SERIES["epochs"].measures:
            whole = rows[name][start : start + few.stride]
            assert (few.rows[name][inside].min(), few.rows[name][inside].max()) == (whole.min(), whole.max())


@pytest.mark.parametrize("piece", [997, 4096, 100_000])
def test_what_is_kept_does_not_depend_on_how_the_rows_arrive(piece: int) -> None:
    rows = series(30_000)
    at_once = thinned(rows, expected=30_000, piece=30_000)
    assert thinned(rows, piece=piece).rows["number"].tolist() == at_once.rows["number"].tolist()


def test_rows_that_were_handed_on_stay_while_the_stride_does() -> None:
    rows, few = series(40_000), DownsampledSeries(SERIES["epochs"].names, expected=40_000)
    before: list[float] = []
    for start in range(0, 40_000, 333):
        few.extend(part(rows, start, min(start + 333, 40_000)), last=False)
        now = few.rows["number"].tolist()
        assert now[: len(before)] == before
        before = now


def test_what_is_not_finite_is_no_extreme() -> None:
    rows = series(20_000)
    rows["val_loss"][10_000:] = np.nan
    rows["train_loss"][5_000] = np.inf
    few = thinned(rows)
    usable = np.isfinite(rows["train_loss"])
    assert np.nanmax(few.rows["val_loss"]) == np.nanmax(rows["val_loss"])
    kept = few.rows["train_loss"][np.isfinite(few.rows["train_loss"])]
    assert (kept.min(), kept.max()) == (rows["train_loss"][usable].min(), rows["train_loss"][usable].max())


def test_thinned_rows_stand_where_they_were_recorded() -> None:
    run, _ = made(RunSpec(batch_size="full", budget_unit="updates", budget=50_000))
    few = thinned(series(50_000))
    few.rows["examples"][:] = np.nan  # as of a history that does not tell them
    assert positions(run, few.rows, "epochs").tolist() == few.rows["number"].tolist()
    rows = {"loss": np.zeros(2), "number": np.array([9.0, 99.0]), "examples": np.array([80.0, 800.0])}
    assert update_positions(run, rows, {}, "updates").tolist() == [10, 100]
    assert update_positions(run, rows, {}, "epochs").tolist() == [0.1, 1]
