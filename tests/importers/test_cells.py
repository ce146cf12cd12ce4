"""Numbers in the dress that people give them come back, and where two readings fit, both are said."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batchviz.importers import cells


def numbers(*words: str, **context: object) -> cells.Numbers:
    return cells.numbers(pa.array(words, pa.string()), **context)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("1\u202f234,5", 1234.5),
        ("1\u2009234.5", 1234.5), ("1'234.5", 1234.5), ("1\u2019234,50", 1234.5), ("1_234", 1234),
        ("12,34,567.5", 1234567.5), ("1,00,000", 100000), ("1.234.567", 1234567),
        ("\u22125", -5), ("\u20135.5", -5.5), ("5-", -5), ("1.234,50-", -1234.5), ("(1,234.50)", -1234.5),
        ("$(5)", -5), ("($5.25)", -5.25), ("-$5", -5), ("$-5", -5), ("- 5 \u20ac", -5), ("5 \u20ac-", -5), ("+5", 5),
        ("$1,200", 1200), ("US$ 5.5", 5.5), ("\u00a312", 12), ("\u00a5 1,000,000", 1e6), ("CHF 1'200.50", 1200.5),
        ("1.234,50 \u20ac", 1234.5), ("EUR 7", 7), ("kr 12,50", 12.5), ("12,50 kr.", 12.5), ("R$ 1.234,56", 1234.56),
        ("12,-", 12), ("12.--", 12), ("Fr. 12.\u2013", 12), ("\u20b912,34,567", 1234567),
        ("5 %", 5), ("5%", 5), ("%5", 5), ("-0,5\u00a0%", -0.5), ("7 \u2030", 7),
        ("12 kg", 12), ("3,5 km/h", 3.5), ("21\u00b0C", 21), ("1.200 sq ft", 1.2), ("10,000+", 10000),
        ("1,5e-3", 0.0015), ("1.5E+03", 1500), ("1.5D+03", 1500), ("1,5\u00d710^3", 1500), ("2 x 10^-2", 0.02),
        ("\u0661\u0662\u066b\u0665", 12.5), ("\uff11\uff12\uff0e\uff15", 12.5), ("\u200e-5\u200f", -5),
    ],
)  # fmt: skip
def test_a_number_in_common_dress_is_read(word: str, value: float) -> None:
    found = numbers(word)
    assert found.readable.all()
    assert found.values[0] == pytest.approx(value, rel=1e-15)
    assert found.example is not None or word in ("+5", "1.5E+03")


@pytest.mark.parametrize(
    "word",
    ["1.2.3", "1-2", "2024-03-31", "31.3.2024", "12:30", "-(5)", "<5", "REF-001", "0x1F", "1,23,4", "a1", "+-5",
     "192.168.0.1", "1 2", "5 of 7", "", "1.5 x", "12a34"],
)  # fmt: skip
def test_what_is_no_number_stays_none(word: str) -> None:
    found = numbers(word, "1.5", "2.5")
    assert found.readable.tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("words", "values", "mark", "other"),
    [
        (["950", "1.200", "15.300", "780"], [950, 1200, 15300, 780], ",", "."),
        (["950", "1,200", "15,300"], [950, 1200, 15300], ".", ","),
        (["1.234", "12.345"], [1.234, 12.345], ".", ","),
        (["950", "1.234"], [950, 1234], ",", "."),
        (["1500", "1.234"], [1500, 1.234], ".", ","),
        (["1,234", "2,345"], [1234, 2345], ".", ","),
        (["1.234", "0.5"], [1.234, 0.5], ".", ""),
        (["1.234", "12.345.678"], [1234, 12345678], ",", ""),
        (["1.200 \u20ac", "950 \u20ac"], [1200, 950], ",", "."),
        (["1,5", "2,25"], [1.5, 2.25], ",", ""),
        (["1", "2"], [1, 2], ".", ""),
    ],
)
def test_the_column_decides_and_the_reading_that_fits_as_well_is_kept(
    words: list[str], values: list[float], mark: str, other: str
) -> None:
    found = numbers(*words)
    assert (found.mark, found.other) == (mark, other)
    np.testing.assert_array_equal(found.values, values)
    if other:
        assert found.example is not None
        assert found.example.other == numbers(*words, mark=other).values[words.index(found.example.word)]


def test_the_file_decides_where_the_column_does_not() -> None:
    assert numbers("1,234", "2,345", separator=";").values[0] == 1.234
    assert numbers("1.234", "2.345", votes=1).values[0] == 1234
    assert numbers("950", "1.234", votes=-1).values[1] == 1.234
    assert numbers("950", "1.200", votes=-1).values[1] == 1200, "no decimals end in 0 beside whole numbers"


def test_two_units_are_two_quantities() -> None:
    found = numbers("5 \u20ac", "7 \u20ac", "9 $")
    assert (found.readable.tolist(), found.units) == ([True, True, False], ("\u20ac", "$"))


def test_a_letter_behind_a_house_number_is_no_unit() -> None:
    assert numbers("12", "13", "14", "12a").readable.tolist() == [True, True, True, False]
    half = numbers("12 kg", "13 kg", "14")
    assert half.readable.all()
    assert half.example is not None
    assert (half.example.unit, half.example.without) == ("kg", 1)


def test_thousands_and_millions_multiply_where_they_differ() -> None:
    np.testing.assert_array_equal(numbers("1.2k", "3M", "850").values, [1200, 3e6, 850])
    np.testing.assert_array_equal(numbers("5 M", "7 M").values, [5, 7])


def test_whole_numbers_in_python_need_no_word_of_explanation() -> None:
    assert numbers("1", "-2.5", "+3e5", ".5").example is None


GROUPS = [("", "."), ("", ","), (",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("\u2009", "."),
          ("'", "."), ("\u2019", ","), ("_", ".")]  # fmt: skip
SIGNS = ["-{}", "\u2212{}", "({})", "{}-"]
DRESSES = [
    "{}",
    "{} \u20ac",
    "\u20ac{}",
    "$ {}",
    "{} kr",
    "CHF {}",
    "{}%",
    "{} %",
    "{} kg",
    "{}\u00a0m\u00b2",
]


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2, allow_nan=False), min_size=1, max_size=12),
    st.sampled_from(GROUPS), st.sampled_from(SIGNS), st.sampled_from(DRESSES),
)  # fmt: skip
def test_numbers_come_back_from_any_dress(
    values: list[Decimal], marks: tuple[str, str], sign: str, dress: str
) -> None:
    group, decimal = marks
    words = []
    for value in values:
        whole, _, places = f"{abs(value):,.2f}".partition(".")
        dressed = dress.format(f"{whole.replace(',', group)}{decimal}{places}")
        words.append(sign.format(dressed) if value < 0 else dressed)
    found = numbers(*words)
    assert found.readable.all()
    np.testing.assert_allclose(found.values, [float(value) for value in values], rtol=1e-14)
    assert not found.other


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=45), min_size=1, max_size=20))
def test_any_words_give_finite_numbers_or_none(words: list[str]) -> None:
    found = numbers(*words)
    assert (np.isfinite(found.values) == (found.readable & ~found.infinite)).all()
    for word, value in zip(words, found.values, strict=True):
        try:
            plain = float(word)
        except ValueError:
            continue
        if (
            np.isfinite(plain)
            and word.isascii()
            and len(word) <= 40
            and word == word.strip()
            and "_" not in word
        ):
            assert value == plain
