"""What a column is: numbers, dates, yes or no, categories or text; its values; what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.experiment.column_findings import InfiniteValues, LikelyMark, Remark, UnsupportedType, WayToRead
from batchviz.importers.cells import MISSING, among

_NINES = (99, 999, 9999, 99999, 999999)
_FEWEST_BESIDE_MARK = 5
_TRUTHS = ({"no": 0.0, "yes": 1.0}, {"false": 0.0, "true": 1.0}, {"n": 0.0, "y": 1.0}, {"f": 0.0, "t": 1.0})


def compact(array: pa.Array) -> pa.Array:
    """A dictionary array without the words that no row uses; any other array as it is."""
    if not isinstance(array, pa.DictionaryArray):
        return array
    codes = _codes(array.indices)
    used, renumbered = np.unique(codes[codes >= 0], return_inverse=True)
    codes[codes >= 0] = renumbered
    words = array.dictionary.take(pa.array(used, pa.int64()))
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)


def distinct(array: pa.Array) -> tuple[NDArray[np.int32], pa.Array]:
    """A code a row (-1: missing) and the different words, without spaces around them."""
    # Through the words, never through the rows: a long word that many rows share is held once.
    encoded = compact(array) if isinstance(array, pa.DictionaryArray) else array.dictionary_encode()
    trimmed = pc.utf8_trim_whitespace(encoded.dictionary.cast(pa.large_string())).dictionary_encode()
    words = trimmed.dictionary
    there = ~among(words, MISSING) & np.asarray(words.is_valid(), bool)
    place = np.append(np.where(there, np.cumsum(there) - 1, -1), -1).astype(np.int32)
    trimmed_codes = np.append(_codes(trimmed.indices), -1)
    return place[trimmed_codes[_codes(encoded.indices)]], words.filter(pa.array(there, pa.bool_()))


def _codes(indices: pa.Array) -> NDArray[np.int32]:
    return np.array(indices.cast(pa.int32()).fill_null(-1), np.int32)


def truths(words: pa.Array) -> NDArray[np.float64] | None:
    """0 and 1 for words that are yes and no in one of the usual spellings, both of them there."""
    if len(words) > 8:
        return None
    lower = [word.lower() for word in words.to_pylist()]
    for spelling in _TRUTHS:
        if set(lower) == set(spelling):
            return np.array([spelling[word] for word in lower])
    return None


class Kind(StrEnum):
    """What a column holds, in the words of the page."""

    NUMBER = "numbers"
    DATE = "dates"
    YES_NO = "yes/no"
    CATEGORY = "categories"
    TEXT = "text"
    EMPTY = "empty"
    UNSUPPORTED = "not supported"


@dataclass(frozen=True)
class Column:
    """One column. Exactly one of `numbers` and `codes` says something, by kind."""

    name: str
    kind: Kind
    numbers: NDArray[np.float64]
    """NUMBER, DATE (days since 1970) and YES_NO (0 and 1): a value a row, NaN where it is missing."""
    codes: NDArray[np.int32]
    """CATEGORY and TEXT: the place in `words`, -1 where it is missing."""
    words: tuple[str, ...] = ()
    """The different values in sorted order (TEXT: empty when there are more than can be classes); no and yes."""
    remarks: tuple[Remark, ...] = ()
    """What was decided when the column was read."""
    distinct: int = 0
    """Different values, missing ones not counted."""
    ways: tuple[WayToRead, ...] = ()
    """The ways in which its words can be read where two fit, the one taken first."""
    index: bool = False
    """Whether the file sets it apart: a first column without a name, or what pandas calls the index."""

    @property
    def missing(self) -> NDArray[np.bool_]:
        """True where the value is missing."""
        return np.isnan(self.numbers) if len(self.numbers) else self.codes < 0


NO_NUMBERS = np.empty(0, np.float64)
NO_CODES = np.empty(0, np.int32)


def likely_mark(numbers: NDArray[np.float64]) -> LikelyMark | None:
    """The nines that stand in several rows, five times as far from 0 as any other value; None where none do."""
    values, rows = np.unique(numbers[np.isfinite(numbers)], return_counts=True)
    if len(values) < _FEWEST_BESIDE_MARK:
        return None
    farthest = int(np.abs(values).argmax())
    beside = np.abs(np.delete(values, farthest)).max()
    if abs(values[farthest]) in _NINES and rows[farthest] > 1 and abs(values[farthest]) > 5 * beside:
        return LikelyMark(float(values[farthest]), int(rows[farthest]))
    return None


def of_numbers(name: str, kind: Kind, numbers: NDArray[np.float64]) -> Column:
    """The column of values that come as numbers: NUMBER, DATE in days, YES_NO in 0 and 1."""
    infinite = int(np.isinf(numbers).sum())
    present = np.where(np.isinf(numbers), np.nan, numbers)
    remarks: tuple[Remark, ...] = (InfiniteValues(infinite),) if infinite else ()
    distinct = len(np.unique(present[~np.isnan(present)]))
    if not distinct:
        return Column(name, Kind.EMPTY, NO_NUMBERS, np.full(len(numbers), -1, np.int32), remarks=remarks)
    return Column(
        name, kind, present, NO_CODES, ("no", "yes") if kind is Kind.YES_NO else (), remarks, distinct
    )


def unsupported(name: str, rows: int, type: str) -> Column:
    """A column of what no network learns from."""
    codes = np.full(rows, -1, np.int32)
    return Column(name, Kind.UNSUPPORTED, NO_NUMBERS, codes, remarks=(UnsupportedType(type),))


def shortened(text: str, length: int = 60) -> str:
    """The text on one line, without what cannot be seen, at most so long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * length]).split())
    return line if len(line) <= length else f"{line[: length - 1]}\u2026"
