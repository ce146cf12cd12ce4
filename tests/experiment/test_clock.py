"""The clock: t(B) never falls, passes through what was measured, goes on beyond it, and survives the store."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchviz.experiment.clock import (
    Clock,
    ClockPath,
    ClockPoint,
    clock_key,
    fit_line,
    never_falling,
)
from batchviz.experiment.spec import RunSpec

ARTICLE = RunSpec()


def clock(seconds: dict[int, float], spread: float = 0.1) -> Clock:
    points = [ClockPoint(b, t, t * (1 - spread), t * (1 + spread)) for b, t in seconds.items()]
    return Clock(clock_key(ARTICLE) or "", ClockPath.LOOP, "Test, 2 cores", 1.5e9, tuple(points))


@given(
    st.dictionaries(st.integers(1, 5000), st.floats(1e-6, 10), min_size=1, max_size=8),
    st.lists(st.integers(1, 100_000), min_size=2, max_size=20),
)
def test_more_examples_never_take_less_time_and_the_interval_holds_the_clock(seconds, sizes):
    made = clock(dict(sorted(seconds.items())))
    times = [made.seconds_per_update(size) for size in sorted(sizes)]
    assert all(later >= earlier * (1 - 1e-9) for earlier, later in pairwise(times))
    for size, time in zip(sorted(sizes), times, strict=True):
        low, high = made.interval(size)
        assert 0 < low <= time * (1 + 1e-9)
        assert time <= high * (1 + 1e-9)


def test_a_line_is_read_back_inside_the_ladder_and_beyond_it():
    made = clock({size: 4e-6 + 5e-8 * size for size in (1, 8, 64, 1024)})
    assert made.line.overhead == pytest.approx(4e-6)
    assert made.line.per_example == pytest.approx(5e-8)
    for size in (1, 3, 32, 500, 1024, 10_000):
        assert made.seconds_per_update(size) == pytest.approx(4e-6 + 5e-8 * size)


def test_what_was_measured_is_what_is_told_though_no_line_fits_it():
    assert clock({1: 1.0, 8: 1.5, 64: 9.0}).seconds_per_update(8) == pytest.approx(1.5)


def test_neighbours_out_of_order_share_their_mean():
    assert never_falling([1.0, 4.0, 1.0, 8.0]).tolist() == pytest.approx([1.0, 2.0, 2.0, 8.0])
    assert never_falling([3.0, 2.0, 1.0]).tolist() == pytest.approx([6 ** (1 / 3)] * 3)


def test_no_coefficient_of_the_line_is_below_zero():
    assert fit_line([1, 10, 100], [1, 10, 100]).overhead == pytest.approx(0, abs=1e-9)
    assert fit_line([1, 10, 100], [3.0, 2.0, 1.0]).per_example == 0
    assert fit_line([1, 10, 100], [0.1, 9, 120]).overhead >= 0
    assert fit_line([32], [0.5]).seconds(7) == 0.5


def test_a_clock_survives_its_text():
    made = clock({1: 1e-6, 32: 2e-6})
    assert Clock.from_json(made.to_json()) == made


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"points": []}', '{"points": [{"batch_size": 1}]}'])
def test_other_text_is_no_clock(text):
    with pytest.raises(ValueError, match="no clock"):
        Clock.from_json(text)


def test_a_clock_needs_points_that_can_be():
    with pytest.raises(ValueError, match="rising"):
        clock({})
    with pytest.raises(ValueError, match="rising"):
        clock({8: 1.0, 1: 1.0})
    with pytest.raises(ValueError, match="low <= seconds <= high"):
        ClockPoint(1, 1.0, 2.0, 3.0)


def test_a_clock_whose_repeats_scatter_says_so():
    assert clock({1: 1e-6, 32: 2e-6}, spread=0.1).steady
    assert not clock({1: 1e-6, 32: 2e-6}, spread=0.2).steady


@pytest.mark.parametrize(
    "other",
    [
        {"rows": 500}, {"seed": 3}, {"learning_rate": 0.1}, {"batch_size": 1}, {"budget": 3},
        {"batch_schedule": ((2, 64),)}, {"validation_split": 0.5}, {"dataset": "teacher"},
    ],
)  # fmt: skip
def test_what_does_not_change_an_update_does_not_change_its_clock(other):
    assert clock_key(RunSpec.parse(other)) == clock_key(ARTICLE)


@pytest.mark.parametrize(
    "other",
    [
        {"hidden": (17,)}, {"optimizer": "sgd"}, {"batch_norm": True}, {"dropout": 0.1}, {"accumulation": 2},
        {"activation": "tanh"}, {"dataset": "digits"},
    ],
)  # fmt: skip
def test_what_changes_an_update_has_another_clock(other):
    assert clock_key(RunSpec.parse(other)) != clock_key(ARTICLE)


def test_what_was_trained_elsewhere_has_no_clock_here():
    assert clock_key(RunSpec.parse({"dataset": "elsewhere.abcdef.1000.1", "rows": 1000})) is None
