"""What kind of column words make up."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from batchviz.experiment.column_findings import (
    InfiniteValues,
    LikelyMark,
    LostValues,
    MissingMarks,
    MostlyNumbers,
    NumberNotation,
    OrderedDates,
    Remark,
    SeveralUnits,
    Way,
    WayToRead,
)
from batchviz.experiment.limits import MAX_OWN_CLASSES
from batchviz.importers import cells
from batchviz.importers.cells import MISSING_AMONG_NUMBERS, MOSTLY, among
from batchviz.importers.limits import MAX_CATEGORIES
from batchviz.importers.table import dates, day_numbers
from batchviz.importers.table.column import (
    NO_CODES,
    NO_NUMBERS,
    Column,
    Kind,
    distinct,
    likely_mark,
    shortened,
    truths,
)

_MARKS = {Way.POINT: ".", Way.COMMA: ","}
_WAYS = {".": Way.POINT, ",": Way.COMMA}
MAX_MARKS = 8
"""Words for missing values that are named."""


def of_words(
    name: str, array: pa.Array, votes: int = 0, separator: str = ",", mark: str = "", way: Way | None = None
) -> Column:
    """The column that words make up. `mark` is the file's decimal mark and `way` how this column is read, if chosen."""
    mark = _MARKS.get(way, mark) if way else mark
    codes, words = distinct(array)
    if not len(words):
        return Column(name, Kind.EMPTY, NO_NUMBERS, codes)
    counts = np.bincount(codes[codes >= 0], minlength=len(words))
    # "None" is a missing number, but among categories it may well mean none.
    marks = among(words, MISSING_AMONG_NUMBERS)
    gaps = _gaps(words, counts, marks)
    counts[marks] = 0
    if (answers := truths(words)) is not None:
        return _numeric(name, Kind.YES_NO, answers, codes, words=("no", "yes"))
    numbers = cells.numbers(words, counts, votes, separator, mark)
    if 0 < MOSTLY * counts.sum() <= counts[numbers.readable].sum():
        lost = _lost(words, counts, numbers.readable & ~numbers.infinite, "number")
        made = _as_numbers(name, numbers.values, codes, way, _those(gaps, lost), _those(numbers.example))
        return replace(made, ways=_number_ways(numbers) or made.ways)
    days = dates.parse(words, way)
    if 0 < MOSTLY * counts.sum() <= counts[~np.isnan(days.values)].sum():
        order = OrderedDates(days.order) if days.order else None
        lost = _lost(words, counts, ~np.isnan(days.values), "date")
        made = _numeric(name, Kind.DATE, days.values, codes, _those(order, gaps, lost))
        return replace(made, ways=days.ways)
    times = dates.clock(words)
    if 0 < MOSTLY * counts.sum() <= counts[~np.isnan(times)].sum():
        first = int(np.flatnonzero(~np.isnan(times))[0])
        as_notation = NumberNotation(words[first].as_py(), float(times[first]), None)
        lost = _lost(words, counts, ~np.isnan(times), "number")
        return _numeric(name, Kind.NUMBER, times, codes, _those(as_notation, gaps, lost))
    return _categories(name, codes, words, counts, numbers)


def of_numbers(name: str, numbers: NDArray[np.float64], way: Way | None = None) -> Column:
    """The column of numbers that came as such, a value a row: they may be days, or hold a mark for missing, too."""
    infinite = np.isinf(numbers)
    remarks = (InfiniteValues(int(infinite.sum())),) if infinite.any() else ()
    rows = np.arange(len(numbers), dtype=np.int32)
    return _as_numbers(name, np.where(infinite, np.nan, numbers), rows, way, remarks)


def _as_numbers(
    name: str, values: NDArray[np.float64], codes: NDArray[np.int32], way: Way | None,
    remarks: tuple[Remark, ...],
    notation: tuple[Remark, ...] = (),
) -> Column:  # fmt: skip
    """As numbers, as the days that they may be, or with one that stands for missing; the ways, the one taken first."""
    as_days = day_numbers.ways(name, values, way)
    if as_days and as_days[0].way is not Way.NUMBER:
        days = day_numbers.days(values, as_days[0].way)
        return replace(_numeric(name, Kind.DATE, days, codes, remarks), ways=as_days)
    mark = likely_mark(np.append(values, np.nan)[codes])
    marked = _mark_ways(mark, way)
    if marked and marked[0].way is Way.MISSING:
        values, mark = np.where(values == marked[1].value, np.nan, values), None
    made = _numeric(name, Kind.NUMBER, values, codes, _those(*notation, *remarks, mark))
    return replace(made, ways=as_days or marked)


def _mark_ways(mark: LikelyMark | None, way: Way | None) -> tuple[WayToRead, ...]:
    """-999 as it stands, or as missing in so many rows; the one taken first."""
    if mark is None:
        return ()
    kept = WayToRead(Way.KEPT, f"{mark.value:g}", mark.value)
    missing = WayToRead(Way.MISSING, kept.word, float(mark.rows))
    return (missing, kept) if way is Way.MISSING else (kept, missing)


def _numeric(
    name: str, kind: Kind, values: NDArray[np.float64], codes: NDArray[np.int32],
    remarks: tuple[Remark, ...] = (),
    words: tuple[str, ...] = (),
) -> Column:  # fmt: skip
    numbers = np.append(values, np.nan)[codes]
    different = len(np.unique(values[~np.isnan(values)]))
    if not different:
        return Column(name, Kind.EMPTY, NO_NUMBERS, np.full(len(codes), -1, np.int32), remarks=remarks)
    return Column(name, kind, numbers, NO_CODES, words, remarks, different)


def _those(*remarks: Remark | None) -> tuple[Remark, ...]:
    return tuple(remark for remark in remarks if remark is not None)


def _number_ways(numbers: cells.Numbers) -> tuple[WayToRead, ...]:
    example = numbers.example
    if example is None or example.other is None:
        return ()
    return (
        WayToRead(_WAYS[numbers.mark], example.word, example.value),
        WayToRead(_WAYS[numbers.other], example.word, example.other),
    )


def _gaps(words: pa.Array, counts: NDArray[np.int64], marks: NDArray[np.bool_]) -> MissingMarks | None:
    """The values that count as missing because they say so in a word."""
    if not counts[marks].any():
        return None
    by_rows = np.flatnonzero(marks)[np.argsort(-counts[marks], kind="stable")]
    return MissingMarks(int(counts[marks].sum()), tuple(words[int(i)].as_py() for i in by_rows[:MAX_MARKS]))


def _lost(
    words: pa.Array, counts: NDArray[np.int64], readable: NDArray[np.bool_], what: Literal["number", "date"]
) -> LostValues | None:
    """The values that count as missing because they are not what the rest of the column is."""
    lost = ~readable & (counts > 0)
    if not lost.any():
        return None
    example = words[int(np.flatnonzero(lost)[0])].as_py()
    return LostValues(what, int(counts[lost].sum()), shortened(example, 30))


def _categories(
    name: str,
    codes: NDArray[np.int32],
    words: pa.Array,
    counts: NDArray[np.int64],
    numbers: cells.Numbers,
) -> Column:
    remarks: tuple[Remark, ...] = (SeveralUnits(numbers.units),) if numbers.units else ()
    if (share := counts[numbers.readable].sum() / max(1, counts.sum())) >= 0.5 and not remarks:
        example = shortened(words[int(np.flatnonzero(~numbers.readable & (counts > 0))[0])].as_py(), 30)
        remarks = (MostlyNumbers(float(share), example),)
    if len(words) > MAX_OWN_CLASSES:
        return Column(name, Kind.TEXT, NO_NUMBERS, codes, (), remarks, len(words))
    texts = words.to_pylist()
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.append(np.argsort(order), -1).astype(np.int32)
    kind = Kind.CATEGORY if len(words) <= MAX_CATEGORIES else Kind.TEXT
    return Column(name, kind, NO_NUMBERS, rank[codes], tuple(texts[i] for i in order), remarks, len(words))
