"""A recorded race as the script plays it: round ticks that hold every line, and a line that ends where it diverged."""

import math

import numpy as np
import pytest

from batchviz.frontend.track import MOST_POINTS, Losses, losses, ticks

COLOR = {"light": "#000000", "dark": "#ffffff"}


def line(*values: float, each: int = 10) -> Losses:
    count = np.arange(len(values))
    return Losses("B = 8", COLOR, count * each, count / 2, np.array(values, np.float32))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.1, 2.4, [0, 0.5, 1, 1.5, 2, 2.5]),
        (2.1, 2.6, [2.1, 2.2, 2.3, 2.4, 2.5, 2.6]),
        (0.081, 0.0896, [0.08, 0.082, 0.084, 0.086, 0.088, 0.09]),
    ],
)
def test_ticks_are_round_and_hold_both_ends(low: float, high: float, expected: list[float]) -> None:
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    assert found == pytest.approx(expected)


def test_ticks_of_a_loss_that_never_moves_still_hold_it() -> None:
    found = ticks(1.0, 1.0)
    assert found[0] <= 1.0 < found[-1]


def test_a_line_ends_where_it_diverged_and_the_others_stay_readable() -> None:
    race = losses([line(2.0, 1.0, 0.5), line(2.0, 90.0, math.inf)], "epoch")
    assert race["lines"][1]["x"] == [0, 0.5]
    assert race["ticks"][-1] == pytest.approx(2.5)
    assert race["end"] == 1.0


def test_over_updates_each_line_ends_at_its_own() -> None:
    race = losses([line(2.0, 1.0, each=10), line(2.0, 1.5, each=100)], "update")
    assert [each["x"][-1] for each in race["lines"]] == [10, 100]
    assert race["end"] == 100


def test_a_long_line_is_thinned_and_keeps_its_end() -> None:
    race = losses([line(*np.linspace(2, 1, 5000).tolist())], "update")
    assert len(race["lines"][0]["x"]) <= MOST_POINTS + 1
    assert race["lines"][0]["x"][-1] == 49_990
