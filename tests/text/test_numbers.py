"""Numbers, counts and lists in sentences, by the table of cases that the scripts are held to as well."""

import json
import math
from pathlib import Path

import pytest

from batchviz.text import numbers

CASES = json.loads((Path(__file__).parents[1] / "shared" / "numbers.json").read_text())


def value(written):
    return math.nan if written is None else float(written)


def cases(section):
    return [pytest.param(*case, id=f"{section}-{i}-{case[0]}") for i, case in enumerate(CASES[section])]


@pytest.mark.parametrize(("written", "text"), cases("number"))
def test_a_measured_value_has_about_three_digits(written, text):
    assert numbers.number(value(written)) == text


@pytest.mark.parametrize(("written", "text"), cases("signed"))
def test_a_difference_has_its_sign(written, text):
    assert numbers.signed(value(written)) == text


@pytest.mark.parametrize(("written", "text"), cases("quantity"))
def test_a_quantity_is_exact_where_it_is_whole(written, text):
    assert numbers.quantity(value(written)) == text


@pytest.mark.parametrize(("written", "noun", "text"), cases("count"))
def test_counts_agree_with_their_noun(written, noun, text):
    assert numbers.count(value(written), noun) == text


@pytest.mark.parametrize(("written", "text"), cases("byte_size"))
def test_bytes_have_a_unit(written, text):
    assert numbers.byte_size(written) == text


@pytest.mark.parametrize(("low", "high", "text"), cases("byte_size_range"))
def test_a_range_of_bytes_is_told_in_one_unit(low, high, text):
    assert numbers.byte_size(low, high) == text


@pytest.mark.parametrize(("share", "text"), cases("percent"))
def test_a_share_is_told_in_percent(share, text):
    assert numbers.percent(share) == text


@pytest.mark.parametrize(("each_second", "text"), cases("rate"))
def test_a_rate_has_two_digits(each_second, text):
    assert numbers.rate(each_second) == text


@pytest.mark.parametrize(("seconds", "text"), cases("expected_duration"))
def test_an_expected_duration_has_two_digits(seconds, text):
    assert numbers.expected_duration(seconds) == text


def test_a_plural_that_takes_no_s_is_told():
    assert numbers.count(2, "batch", "batches") == "2 batches"
    assert numbers.form(1, "is", "are") == "is"
    assert numbers.form(0, "is", "are") == "are"


def test_long_lists_are_counted():
    assert numbers.listing([]) == ""
    assert numbers.listing(["a"]) == "a"
    assert numbers.listing(["a", "b", "a"]) == "a and b"
    assert numbers.listing(["a", "b", "c"]) == "a, b and c"
    assert numbers.listing(list("abcdefgh"), 3) == "a, b, c and 5 more"
    assert numbers.listing(list("abcd"), 3) == "a, b, c and d", "one more is no longer than its count"
