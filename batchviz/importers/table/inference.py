"""What kind of column words make up."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from batchviz.experiment.limits import MAX_OWN_CLASSES
from batchviz.importers.limits import MAX_CATEGORIES
from batchviz.importers.table import dates, numerals
from batchviz.importers.table.column import (
    NO_CODES,
    NO_NUMBERS,
    Column,
    Kind,
    among,
    distinct,
    shortened,
    truths,
)

MOSTLY = 0.95
"""Share of the values present that must be numbers (dates) for a column of numbers (dates)."""


def of_words(name: str, array: pa.Array, votes: int = 0, separator: str = ",", mark: str = "") -> Column:
    """The column that words make up. `mark` is the decimal mark if it was chosen; otherwise it is found out."""
    codes, words = distinct(array)
    if not len(words):
        return Column(name, Kind.EMPTY, NO_NUMBERS, codes)
    counts = np.bincount(codes[codes >= 0], minlength=len(words))
    # "None" is a missing number, but among categories it may well mean none.
    counts[among(words, ("none",))] = 0
    if (answers := truths(words)) is not None:
        return _numeric(name, Kind.YES_NO, answers, codes, words=("no", "yes"))
    numbers = numerals.parse(words, mark or numerals.decimal_mark(words, votes, separator))
    if 0 < MOSTLY * counts.sum() <= counts[numbers.known].sum():
        remark = " ".join(filter(None, (numbers.example and f"{numbers.example}.", _lost(
            words, counts, numbers.known & ~numbers.infinite, "finite number"))))  # fmt: skip
        return _numeric(name, Kind.NUMBER, numbers.values, codes, remark)
    days = dates.parse(words)
    if 0 < MOSTLY * counts.sum() <= counts[~np.isnan(days.values)].sum():
        order = f"read as {days.order}." if days.order else ""
        lost = _lost(words, counts, ~np.isnan(days.values), "date")
        return _numeric(name, Kind.DATE, days.values, codes, " ".join(filter(None, (order, lost))))
    return _categories(name, codes, words, counts, numbers.known)


def _numeric(
    name: str, kind: Kind, values: NDArray[np.float64], codes: NDArray[np.int32], remark: str = "",
    words: tuple[str, ...] = (),
) -> Column:  # fmt: skip
    numbers = np.append(values, np.nan)[codes]
    different = len(np.unique(values[~np.isnan(values)]))
    if not different:
        return Column(name, Kind.EMPTY, NO_NUMBERS, np.full(len(codes), -1, np.int32), remark=remark)
    return Column(name, kind, numbers, NO_CODES, words, remark, different)


def _lost(words: pa.Array, counts: NDArray[np.int64], known: NDArray[np.bool_], what: str) -> str:
    """The values that count as missing because they are not what the rest of the column is."""
    lost = ~known & (counts > 0)
    if not lost.any():
        return ""
    example = words[int(np.flatnonzero(lost)[0])].as_py()
    number = int(counts[lost].sum())
    values = f"1 value is no {what}" if number == 1 else f"{number:,} values are no {what}s"
    return f"{values} (\u201c{shortened(example, 30)}\u201d): counted as missing."


def _categories(
    name: str,
    codes: NDArray[np.int32],
    words: pa.Array,
    counts: NDArray[np.int64],
    numbers: NDArray[np.bool_],
) -> Column:
    remark = ""
    if (share := counts[numbers].sum() / max(1, counts.sum())) >= 0.5:
        example = shortened(words[int(np.flatnonzero(~numbers)[0])].as_py(), 30)
        remark = f"{share:.0%} of the values are numbers, not all (\u201c{example}\u201d): correct those for numbers."
    if len(words) > MAX_OWN_CLASSES:
        return Column(name, Kind.TEXT, NO_NUMBERS, codes, (), remark, len(words))
    texts = words.to_pylist()
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.append(np.argsort(order), -1).astype(np.int32)
    kind = Kind.CATEGORY if len(words) <= MAX_CATEGORIES else Kind.TEXT
    return Column(name, kind, NO_NUMBERS, rank[codes], tuple(texts[i] for i in order), remark, len(words))
