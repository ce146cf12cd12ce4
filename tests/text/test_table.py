"""What was done with a visitor's table: kept as values, told in words, for ever readable."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from batchviz.experiment.column_findings import (
    BecomesInputs,
    DateOrder,
    InfiniteValues,
    LeftOut,
    LikelyMark,
    LostValues,
    MissingMarks,
    MostlyNumbers,
    NumberNotation,
    OrderedDates,
    Reason,
    Remark,
    SeveralUnits,
    UnsupportedType,
)
from batchviz.experiment.table_findings import (
    ClassTarget,
    ColumnRemarks,
    DroppedRows,
    FilledGaps,
    Finding,
    KindInputs,
    LeftOutColumns,
    MarkedEncoding,
    MissingWords,
    NamelessColumns,
    NoHeadings,
    NumberTarget,
    OrderedRows,
    RepeatedNames,
    SampledRows,
    SingleRowClasses,
    TableShape,
    WindowsEncoding,
    read,
    stored,
)
from batchviz.text.column import fate, remarks
from batchviz.text.table import sentences

REMARKS: list[tuple[Remark, str]] = [
    (InfiniteValues(1), "1 infinite value counts as missing."),
    (InfiniteValues(1200), "1,200 infinite values count as missing."),
    (UnsupportedType("list<item: double>"), "It holds values of the type list<item: double>."),
    (NumberNotation("1.234", 1234.0), "“1.234” is read as 1234."),
    (NumberNotation("1.200", 1200.0, 1.2), "“1.200” is read as 1200, not as 1.2."),
    (
        NumberNotation("5 kg", 5.0, None, "kg", 2),
        "“5 kg” is read as 5. 2 numbers without “kg” count the same.",
    ),
    (MissingMarks(12, ("unknown", "--")), "12 values count as missing: “unknown” and “--”."),
    (
        LikelyMark(-999, 12),
        "“-999” stands in 12 rows, far from every other value: if it means missing, choose that reading, or empty "
        "those cells and upload again.",
    ),
    (SeveralUnits(("€", "$")), "Its numbers have several units (€ and $), so they are no one quantity."),
    (LostValues("number", 1, "?x"), "1 value is no finite number (“?x”): counted as missing."),
    (LostValues("date", 2, "soon"), "2 values are no dates (“soon”): counted as missing."),
    (OrderedDates(DateOrder.DAY_FIRST), "read as day before month."),
    (MostlyNumbers(0.9, "b"), "90 % of the values are numbers, not all (“b”): correct those for numbers."),
]
FINDINGS: list[tuple[Finding, str]] = [
    (TableShape(1200, 1, ";"), "A text file of 1,200 rows and 1 column, separated by semicolons."),
    (TableShape(2, 3, ""), "A Parquet file of 2 rows and 3 columns."),
    (MarkedEncoding("utf-16-le"), "Read as UTF-16-LE, as the file's byte order mark says."),
    (WindowsEncoding(9, 2), "Read as Windows-1252, because byte 9 of the file (line 2) is not UTF-8."),
    (SampledRows(100_000, 100_050, False), "The first 100,000 of the file's 100,050 rows."),
    (NoHeadings(), "The first line holds values rather than names: the columns are named by number."),
    (NamelessColumns(1), "1 column without a name: named by number."),
    (RepeatedNames(("a", "b")), "Repeated names were numbered: a and b."),
    (ColumnRemarks("x", (InfiniteValues(1),)), "x: 1 infinite value counts as missing."),
    (ColumnRemarks("x", (InfiniteValues(1),), True), "“x”: 1 infinite value counts as missing."),
    (
        NumberTarget("y", 12345.6, 0.5, True),
        "Target “y”: a number, standardised over all rows (mean 12,346 days since 1970, standard deviation 0.5). An "
        "MSE of 1 is what always answering the mean scores; an MAE of 0.5 is off by half a standard deviation.",
    ),
    (
        NumberTarget("y", 1.5, 0.5, False, True),
        "Target “y”: a number, standardised over the training rows of each run (over all rows: mean 1.5, standard "
        "deviation 0.5). An MSE of 1 is about what always answering the mean scores; an MAE of 0.5 is off by half a "
        "standard deviation.",
    ),
    (
        KindInputs("numbers", (("a", 1),), over_training_rows=True),
        "Numbers (a): standardised to mean 0 and standard deviation 1 over the training rows of each run.",
    ),
    (
        KindInputs("numbers", (("a", 1),)),
        "Numbers (a): standardised to mean 0 and standard deviation 1 over all rows, validation rows included.",
    ),
    (
        FilledGaps(False, (("x", 1200),), over_training_rows=True),
        "Missing values become the column's mean over the training rows, and one more input says where (x: 1,200).",
    ),
    (
        ClassTarget("y", 3, "cat", 0.753),
        "Target “y”: 3 classes. Always answering the commonest, “cat”, is right in 75 % of the rows.",
    ),
    (
        SingleRowClasses(("dog",)),
        "Classes with a single row: dog. It is either trained on or validated on, never both.",
    ),
    (DroppedRows(1, 4), "1 row without a target was dropped: 4 remain."),
    (DroppedRows(2, 4), "2 rows without a target were dropped: 4 remain."),
    (KindInputs("yes/no", (("a", 1), ("b", 1))), "Yes or no (a and b): no is 0, yes is 1."),
    (
        KindInputs("categories", (("city", 3),), 50),
        "Categories (city: 3): one input a value, in sorted order (up to 50 values).",
    ),
    (
        FilledGaps(False, (("x", 1200),)),
        "Missing values become the column's mean, and one more input says where (x: 1,200).",
    ),
    (FilledGaps(True, (("x", 2),)), "A missing category is a category of its own, the last (x: 2)."),
    (MissingWords(), "Empty cells and the words NA, N/A, NaN, null, ? and - count as missing."),
    (OrderedRows("day"), "The rows stay in order of “day”: the last ones are held out, not a random part."),
    (OrderedRows(""), "The rows stay in the file's order: the last ones are held out, not a random part."),
    (
        LeftOutColumns((LeftOut("a", Reason.CHOSEN), LeftOut("b", Reason.TOO_MANY_TEXTS, 60, 50))),
        "Left out: a (as chosen) and b (60 different texts, at most 50 become inputs).",
    ),
]


@pytest.mark.parametrize(("finding", "told"), FINDINGS, ids=lambda one: getattr(one, "code", ""))
def test_a_finding_is_told_and_comes_back_from_what_is_stored(finding: Finding, told: str) -> None:
    kept = json.loads(json.dumps(stored([finding])))
    assert isinstance(kept[0], dict)
    assert told not in json.dumps(kept)
    assert read(kept) == (finding,)
    assert sentences(read(kept)) == [told]


@pytest.mark.parametrize(("remark", "told"), REMARKS)
def test_a_remark_is_told_and_comes_back(remark: Remark, told: str) -> None:
    assert remarks((remark,)) == told
    found = ColumnRemarks("x", (remark, remark))
    assert read(json.loads(json.dumps(stored([found])))) == (found,)


def test_every_finding_is_here() -> None:
    assert {type(finding) for finding, _ in FINDINGS} == set(get_args(Finding))
    assert {type(remark) for remark, _ in REMARKS} == set(get_args(Remark))


def test_sentences_of_older_data_are_told_as_they_are() -> None:
    old = ["A text file of 3 rows and 2 columns, separated by commas.", "Left out: id (it counts the rows)."]
    assert sentences(read(old)) == stored(read(old)) == old


@pytest.mark.parametrize("kept", [{"code": "unheard_of"}, {"code": "dropped_rows", "dropped": "some"}, 3])
def test_what_was_never_stored_is_refused(kept: object) -> None:
    with pytest.raises(ValueError, match="validation error"):
        read([kept])


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_to_leave_a_column_out_has_words(reason: Reason) -> None:
    told = fate(LeftOut("x", reason, 60, 50, "binary"))
    assert told.startswith("left out")
    assert len(told) > len("left out: ")


def test_what_becomes_of_a_column_is_told() -> None:
    assert fate(BecomesInputs("x", "categories", 3, 1)) == "3 inputs, one a value and one for missing"
    assert fate(BecomesInputs("x", "numbers", 1, 1)).startswith("only whether it is missing")
