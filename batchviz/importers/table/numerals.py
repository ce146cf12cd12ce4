"""Words -> numbers: 1234.5, 1,234.5, 1.234,5, 1 234,5, 1e-3. Which mark is the decimal one is found out by count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.experiment.table_findings import NumberNotation
from batchviz.importers.limits import MAX_NUMBER_LENGTH

_SAMPLE = 2_000
_SPACES = " \u00a0\u202f'\u2019"

_PLAIN = {
    ".": r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$",
    ",": r"^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d{1,4})?$",
}
# Groups of three; 0.123 is no group, because nobody writes 0,123 for 123.
_GROUPED = {
    ".": rf"^[+-]?[1-9]\d{{0,2}}([,{_SPACES}]\d{{3}})+(\.\d*)?$",
    ",": rf"^[+-]?[1-9]\d{{0,2}}([.{_SPACES}]\d{{3}})+(,\d*)?$",
}
_INFINITE = r"(?i)^[+-]?(inf|infinity|∞)$"


@dataclass(frozen=True)
class Numbers:
    """What words say as numbers, each as long as the words."""

    values: NDArray[np.float64]
    """NaN where a word is no finite number."""
    known: NDArray[np.bool_]
    """True for numbers, infinite ones included."""
    infinite: NDArray[np.bool_]
    example: NumberNotation | None
    """A word that needed more than reading: "1.234,5" read as 1234.5. None when there is none."""


def vote(words: pa.Array) -> int:
    """+1 when more of the words are numbers with a decimal comma, -1 with a point, 0 when both read equally many."""
    sample = words.slice(0, _SAMPLE)
    comma, point = (int((_matches(sample, _PLAIN[m]) | _matches(sample, _GROUPED[m])).sum()) for m in ",.")
    return (comma > point) - (comma < point)


def decimal_mark(words: pa.Array, votes: int, separator: str) -> str:
    """The decimal mark of a column. The column decides; if both marks fit, the file's other columns do (`votes`).

    If nothing decides, a comma is a decimal mark in files separated by semicolons or tabs, as Excel writes them
    where the comma is in use; elsewhere it groups thousands.
    """
    if chosen := vote(words) or votes:
        return "," if chosen > 0 else "."
    has_comma = bool(pc.any(pc.match_substring(words.slice(0, _SAMPLE), ",")).as_py())
    return "," if has_comma and separator in (";", "\t") else "."


def parse(words: pa.Array, mark: str) -> Numbers:
    """Every word as a number with this decimal mark."""
    short = _true(pc.less_equal(pc.utf8_length(words), MAX_NUMBER_LENGTH))
    grouped = _matches(words, _GROUPED[mark]) & short
    plain = _matches(words, _PLAIN[mark]) & short
    infinite = _matches(words, _INFINITE)
    texts = words
    if grouped.any():
        texts = pc.replace_substring_regex(texts, f"[{',' if mark == '.' else '.'}{_SPACES}]", "")
    if mark == ",":
        texts = pc.replace_substring(texts, ",", ".")
    finite = grouped | plain
    values = np.full(len(words), np.nan)
    values[finite] = [float(text) for text in texts.filter(pa.array(finite)).to_pylist()]
    overflown = finite & ~np.isfinite(values)  # 1e999
    values[overflown] = np.nan
    return Numbers(values, finite | infinite, infinite | overflown, _example(words, values, grouped, mark))


def _example(
    words: pa.Array, values: NDArray[np.float64], grouped: NDArray[np.bool_], mark: str
) -> NumberNotation | None:
    if grouped.any():
        place = int(np.flatnonzero(grouped)[0])
    else:
        commas = _true(pc.match_substring(words, ",")) if mark == "," else np.zeros(len(words), bool)
        commas &= np.isfinite(values)
        if not commas.any():
            return None
        place = int(np.flatnonzero(commas)[0])
    return NumberNotation(words[place].as_py(), float(values[place]))


def _matches(words: pa.Array, pattern: str) -> NDArray[np.bool_]:
    return _true(pc.match_substring_regex(words, pattern))


def _true(answer: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(answer.to_numpy(zero_copy_only=False), dtype=bool)
