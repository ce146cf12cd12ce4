"""Numbers and lists in sentences."""

import math

import pytest

from batchviz.analysis.words import count, listing, number


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.08333, "0.0833"), (12.34, "12.3"), (8000, "8,000"), (999999.4, "999,999"), (1.3e7, "1.30e+07"),
        (0.00001234, "1.23e-05"), (-0.5, "−0.5"), (0, "0"), (math.nan, "–"), (math.inf, "∞"), (-math.inf, "−∞"),
    ],
)  # fmt: skip
def test_numbers_have_about_three_digits(value, said):
    assert number(value) == said


def test_counts_are_exact_and_agree_with_their_noun():
    assert count(1, "update") == "1 update"
    assert count(14370.0, "example") == "14,370 examples"
    assert count(0.3125, "epoch") == "0.3125 epochs"


def test_long_lists_are_counted():
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "a"]) == "a and b"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert listing(list("abcdefgh"), 3) == "a, b, c and 5 more"
    assert listing(list("abcd"), 3) == "a, b, c and d", "one more is no longer than its count"
