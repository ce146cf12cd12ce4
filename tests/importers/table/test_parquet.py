"""Every type that a Parquet column can have: numbers, dates, text, or left out and said."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batchviz.experiment.column_findings import Way
from batchviz.importers.table import Column, Kind, Reading, read
from batchviz.text.column import remarks


def column(values: Any, kind: pa.DataType | None = None) -> Column:
    file = io.BytesIO()
    pq.write_table(pa.table({"it": pa.array(values, kind), "other": np.arange(len(values)) * 1.5}), file)
    return read(file.getvalue()).column("it")


@pytest.mark.parametrize(
    ("values", "kind", "read_as", "numbers"),
    [
        ([1, None, 3], pa.int8(), Kind.NUMBER, [1, np.nan, 3]),
        ([1, 2**63, 3], pa.uint64(), Kind.NUMBER, [1, 2.0**63, 3]),
        ([1.5, np.nan, None], pa.float64(), Kind.NUMBER, [1.5, np.nan, np.nan]),
        ([1.5, np.inf, -np.inf], pa.float32(), Kind.NUMBER, [1.5, np.nan, np.nan]),
        (np.array([1.5, 2], np.float16), pa.float16(), Kind.NUMBER, [1.5, 2]),
        ([Decimal("1.25"), None], pa.decimal128(9, 2), Kind.NUMBER, [1.25, np.nan]),
        ([True, None, False], pa.bool_(), Kind.YES_NO, [1, np.nan, 0]),
        ([date(1970, 1, 3), None], pa.date32(), Kind.DATE, [2, np.nan]),
        ([date(1970, 1, 3), None], pa.date64(), Kind.DATE, [2, np.nan]),
        ([datetime(1970, 1, 1, 12), datetime(1969, 12, 31)], pa.timestamp("ns"), Kind.DATE, [0.5, -1]),
        ([datetime(1970, 1, 1, 12), None], pa.timestamp("ms", "UTC"), Kind.DATE, [0.5, np.nan]),
        ([time(13, 45), None, time(1)], pa.time64("us"), Kind.NUMBER, [13.75, np.nan, 1]),
        ([time(0, 30), time(1)], pa.time32("s"), Kind.NUMBER, [0.5, 1]),
        ([20240131, 20240201, 20240202], pa.int32(), Kind.DATE, [19753, 19754, 19755]),
        (["1,5", "2"], pa.string(), Kind.NUMBER, [1.5, 2]),
        (["2024-01-02", "2024-01-01"], pa.large_string(), Kind.DATE, [19724, 19723]),
    ],
)
def test_types_that_are_numbers(values: Any, kind: pa.DataType, read_as: Kind, numbers: list[float]) -> None:
    found = column(values, kind)
    assert found.kind is read_as
    np.testing.assert_array_equal(found.numbers, numbers)


def test_numbers_that_may_be_read_otherwise_offer_it_as_those_of_a_text_file_do() -> None:
    frame = pa.table(
        {"it": [1.0, 2, 3, 4, 5, -999, -999], "sold": [20240131, 20240201, 20240202, *[20240203] * 4]}
    )
    file = io.BytesIO()
    pq.write_table(frame, file)
    text = frame.to_pandas().to_csv(index=False).encode()
    for chosen in ((), (("it", Way.MISSING), ("sold", Way.NUMBER))):
        ours, theirs = (read(data, Reading(ways=chosen)) for data in (file.getvalue(), text))
        for name in ("it", "sold"):
            ours_read, text_read = ours.column(name), theirs.column(name)
            assert (ours_read.kind, ours_read.ways, ours_read.remarks, ours_read.distinct) == (
                text_read.kind, text_read.ways, text_read.remarks, text_read.distinct,
            )  # fmt: skip
            np.testing.assert_array_equal(ours_read.numbers, text_read.numbers)
    assert np.isnan(ours.column("it").numbers[-2:]).all()


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int16(), pa.string())])
def test_texts_are_categories_in_sorted_order(kind: pa.DataType) -> None:
    found = column(["b", None, " a ", "b", "NA"], kind)
    assert (found.kind, found.words) == (Kind.CATEGORY, ("a", "b"))
    assert found.codes.tolist() == [1, -1, 0, 1, -1]


@pytest.mark.parametrize(
    ("values", "kind", "said"),
    [
        ([[1], [2, 3]], None, "list<"),
        ([{"a": 1}, {"a": 2}], None, "struct<"),
        ([b"x", b"y"], pa.binary(), "binary"),
        ([timedelta(1), timedelta(2)], pa.duration("s"), "duration"),
    ],
)
def test_types_that_nothing_is_learned_from_are_named(
    values: Any, kind: pa.DataType | None, said: str
) -> None:
    found = column(values, kind)
    assert found.kind is Kind.UNSUPPORTED
    assert said in remarks(found.remarks)


@pytest.mark.parametrize("kind", [pa.null(), pa.int64(), pa.string()])
def test_a_column_of_nothing_is_empty(kind: pa.DataType) -> None:
    assert column([None, None], kind).kind is Kind.EMPTY


def test_a_sample_of_several_row_groups_takes_the_same_rows_of_every_column() -> None:
    rows = 100_500
    table = pa.table({"n": np.arange(rows), "word": [f"w{i % 30}" for i in range(rows)]})
    file = io.BytesIO()
    pq.write_table(table, file, row_group_size=30_000)
    for sample in ("first", "random"):
        found = read(file.getvalue(), Reading(sample=sample))
        n, word = found.column("n").numbers, found.column("word")
        assert len(n) == 100_000
        assert [word.words[code] for code in word.codes] == [f"w{int(i) % 30}" for i in n]
    assert n.max() > 100_000


def test_repeated_names_are_numbered() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table([pa.array([1, 2]), pa.array([3, 4])], names=["a", "a"]), file)
    assert read(file.getvalue()).names == ["a", "a (2)"]
