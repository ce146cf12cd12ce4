"""Times alone, quarters, days written as numbers, and marks for missing: what is taken, and what else is offered."""

import numpy as np
import pytest

from batchviz.experiment.column_findings import Way
from batchviz.importers.table import Reading, read
from batchviz.importers.table.column import Column, Kind
from batchviz.text.column import remarks, way


def column(words: list[str], name: str = "when", chosen: Way | None = None) -> Column:
    text = "\n".join([f"{name};y", *(f"{word};{i % 3}" for i, word in enumerate(words))])
    ways = ((name, chosen),) if chosen else ()
    return read(text.encode(), Reading(ways=ways)).column(name)


def day(text: str) -> float:
    return float(np.datetime64(text, "D").astype(int))


@pytest.mark.parametrize("words", [["2024Q3", "2024-Q4", "2025 Q1"], ["Q3 2024", "Q4/2024", "q1 2025"]])
def test_a_quarter_is_its_first_day(words: list[str]) -> None:
    made = column(words)
    assert made.kind is Kind.DATE
    assert made.numbers.tolist() == [day("2024-07-01"), day("2024-10-01"), day("2025-01-01")]


def test_a_time_alone_is_a_number_of_its_first_unit_and_says_so() -> None:
    made = column(["13:45", "08:30", "23:15:36"])
    assert made.kind is Kind.NUMBER
    assert made.numbers.tolist() == [13.75, 8.5, 23.26]
    assert "\u201c13:45\u201d is read as 13.75" in remarks(made.remarks)


def test_calendar_days_written_as_numbers_are_days_and_numbers_are_offered() -> None:
    words = ["20240131", "20240229", "20231130"]
    made = column(words)
    assert (made.kind, made.numbers[0]) == (Kind.DATE, day("2024-01-31"))
    assert [way(one) for one in made.ways] == [
        "\u201c20240131\u201d is 31 January 2024", "\u201c20240131\u201d is the number 20,240,131"
    ]  # fmt: skip
    other = column(words, chosen=Way.NUMBER)
    assert (other.kind, other.numbers[0], other.ways[0].way) == (Kind.NUMBER, 20240131, Way.NUMBER)


def test_numbers_that_are_no_days_of_the_calendar_stay_numbers() -> None:
    assert column(["20240131", "20240230", "20231130"]).kind is Kind.NUMBER, "there is no 30 February"
    assert not column(["20240131", "20240230", "20231130"]).ways


def test_days_as_excel_counts_them_are_offered_where_the_heading_speaks_of_a_day() -> None:
    words = ["45322", "45351", "45260"]
    made = column(words, "Order date")
    assert (made.kind, made.ways[1].way) == (Kind.NUMBER, Way.EXCEL)
    assert way(made.ways[1]) == "\u201c45322\u201d is 31 January 2024"
    chosen = column(words, "Order date", Way.EXCEL)
    assert (chosen.kind, chosen.numbers[0]) == (Kind.DATE, day("2024-01-31"))
    assert not column(words, "price").ways


@pytest.mark.parametrize("mark", ["-999", "9999"])
def test_a_mark_far_from_all_values_is_missing_by_one_choice_which_says_what_it_changes(mark: str) -> None:
    words = ["1", "2", "3", "4", "5", "6", mark, mark]
    made = column(words, "height")
    assert not made.missing.any()
    assert [way(one) for one in made.ways] == [
        f"\u201c{mark}\u201d is a value like any other", f"\u201c{mark}\u201d means missing, in 2 rows"
    ]  # fmt: skip
    chosen = column(words, "height", Way.MISSING)
    assert (int(chosen.missing.sum()), float(np.nanmax(chosen.numbers))) == (2, 6.0)
    assert chosen.ways[0].way is Way.MISSING, "and back"
