"""Figures -> numbers: 1234.5, 1.234,5, 1 234,5, 12,34,567, 1e-3. Which mark is the decimal one, the column tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.experiment.column_findings import NumberNotation
from batchviz.importers.cells import units
from batchviz.importers.cells.dress import Undressed, true, undressed

MOSTLY = 0.95
"""Share of the values present that a reading must explain: as numbers, with one decimal mark, or as dates."""
_SAMPLE = 2_000
_EXPONENT = r"([eEdD][+-]?\d{1,4})?$"
_PLAIN = {
    ".": rf"^(\d+\.?\d*|\.\d+){_EXPONENT}",
    ",": rf"^(\d+,?\d*|,\d+){_EXPONENT}",
}
# Groups of three, the Indian ones of two before them; 0.123 is no group, because nobody writes 0,123 for 123.
_GROUPED = {
    ".": r"^(?:[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+|(?:_\d{3})+)|[1-9]\d?(?:,\d{2})+,\d{3})(?:\.\d*)?$",
    ",": r"^[1-9]\d{0,2}(?:(?:\.\d{3})+|(?: \d{3})+|(?:'\d{3})+|(?:_\d{3})+)(?:,\d*)?$",
}
_EITHER = {".": r"^[1-9]\d{0,2}\.\d{3}$", ",": r"^[1-9]\d{0,2},\d{3}$"}
"""One thousand two hundred, or one and two tenths."""
_INFINITE = r"(?i)^[+\-−]?(inf|infinity|∞)$"
_OTHER = {".": ",", ",": "."}


@dataclass(frozen=True)
class Numbers:
    """What the words of a column say as numbers; arrays as long as the words."""

    values: NDArray[np.float64]
    """NaN where a word is no finite number."""
    readable: NDArray[np.bool_]
    """True for numbers, infinite ones included."""
    infinite: NDArray[np.bool_]
    mark: str
    """The decimal mark of the reading taken."""
    other: str
    """The decimal mark of the reading that fits as well and gives other numbers; empty where there is none."""
    example: NumberNotation | None
    """A word that needed more than reading: "1.234,5" read as 1234.5. None when there is none."""
    units: tuple[str, ...] = ()
    """Where words have several units, all of them: words of all but the first are no numbers."""


def numbers(
    words: pa.Array,
    counts: NDArray[np.int64] | None = None,
    votes: int = 0,
    separator: str = ",",
    mark: str = "",
) -> Numbers:
    """The numbers in a column's different words, each of which stands in `counts` rows (None: in one).

    `votes` says what the file's other columns suggest (see `vote`), `separator` what stands between the columns; both
    count where the column leaves the decimal mark open. `mark` is the one that a person chose.
    """
    rows = np.ones(len(words), np.int64) if counts is None else counts
    bare = undressed(words)
    read, unit = _read(bare, rows)
    open_to = {m: _matches(bare.figures, _EITHER[m]) for m in ".,"}
    taken = mark or _decimal_mark(bare.figures, rows, read, open_to, votes, separator)
    other = _OTHER[taken] if _fits_as_well(rows, read, open_to["."] | open_to[","], taken) else ""
    values = _values(bare, read[taken], taken) * unit.factors
    infinite = _infinite(words)
    overflown = read[taken] & ~np.isfinite(values)  # 1e999
    values[overflown] = np.nan
    example = _example(words, bare, values, rows, open_to["."] | open_to[","], other, unit.unit)
    several = (unit.unit, *unit.others) if unit.unit and unit.others else ()
    return Numbers(values, read[taken] | infinite, infinite | overflown, taken, other, example, several)


def readable(words: pa.Array) -> NDArray[np.bool_]:
    """Which words are numbers, infinite ones included, by one decimal mark or the other."""
    read, _ = _read(undressed(words), np.ones(len(words), np.int64))
    return read["."] | read[","] | _infinite(words)


def vote(words: pa.Array) -> int:
    """+1 when more of the words are numbers with a decimal comma, -1 with a point, 0 when both read equally many."""
    figures = undressed(words.slice(0, _SAMPLE)).figures
    comma, point = (int((_matches(figures, _PLAIN[m]) | _matches(figures, _GROUPED[m])).sum()) for m in ",.")
    return (comma > point) - (comma < point)


def _read(bare: Undressed, rows: NDArray[np.int64]) -> tuple[dict[str, NDArray[np.bool_]], units.Units]:
    """Which words are finite numbers by each decimal mark, and what their units say."""
    read = {m: _matches(bare.figures, _PLAIN[m]) | _matches(bare.figures, _GROUPED[m]) for m in ".,"}
    either = read["."] | read[","]
    unit = units.judge(pc.if_else(pa.array(either), bare.units, ""), rows * either)
    return {m: fits & unit.fits for m, fits in read.items()}, unit


def _decimal_mark(
    figures: pa.Array,
    rows: NDArray[np.int64],
    read: dict[str, NDArray[np.bool_]],
    open_to: dict[str, NDArray[np.bool_]],
    votes: int,
    separator: str,
) -> str:
    """The mark that reads more of the column; if both read all of it, what else the column shows, then the file.

    Written without their last zeros, decimals never end in 0; written with a fixed number of them, none is a whole
    number. So 950 beside 1.200 is a number of groups, and 950 beside 1.234 likely is. If nothing decides, a comma is a
    decimal mark in files separated by semicolons or tabs, as Excel writes them where the comma is in use; elsewhere it
    groups thousands, and a point is a decimal mark.
    """
    point, comma = (int(rows[read[m]].sum()) for m in ".,")
    if point != comma:
        return "." if point > comma else ","
    mark = "." if open_to["."].any() else ","
    small = _matches(figures, r"^[1-9]\d{0,2}$").any() and not _matches(figures, r"^\d{4,}$").any()
    if small and (open_to[mark] & _matches(figures, r"0$")).any():
        return _OTHER[mark]
    if votes:
        return "," if votes > 0 else "."
    if small and open_to[mark].any():
        return _OTHER[mark]
    has_comma = true(pc.match_substring(figures, ",")).any()
    return "," if has_comma and separator in (";", "\t") else "."


def _fits_as_well(
    rows: NDArray[np.int64], read: dict[str, NDArray[np.bool_]], either: NDArray[np.bool_], taken: str
) -> bool:
    """Whether the other decimal mark explains the column too, and gives other numbers."""
    other = _OTHER[taken]
    differs = either & read[taken] & read[other]
    return bool(differs.any()) and int(rows[read[other]].sum()) >= MOSTLY * int(rows[read[taken]].sum())


def _values(bare: Undressed, fits: NDArray[np.bool_], mark: str) -> NDArray[np.float64]:
    texts = bare.figures.filter(pa.array(fits))
    texts = pc.replace_substring_regex(texts, f"[{_OTHER[mark]} '_]", "")
    if mark == ",":
        texts = pc.replace_substring(texts, ",", ".")
    texts = pc.replace_substring_regex(texts, "[dD]", "e")  # Fortran's exponent
    values = np.full(len(fits), np.nan)
    values[fits] = [float(text) for text in texts.to_pylist()]
    return np.where(bare.negative, -values, values)


def _example(
    words: pa.Array,
    bare: Undressed,
    values: NDArray[np.float64],
    rows: NDArray[np.int64],
    either: NDArray[np.bool_],
    other: str,
    unit: str,
) -> NumberNotation | None:
    """The word that shows best how the column was read; None when every word is as Python writes it."""
    finite = np.isfinite(values)
    either = either & finite
    python = _matches(words, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
    odd = finite & ~python
    telling = either if other else odd
    if not telling.any():
        return None
    # A word that shows the mark tells more than one that only has a unit.
    marked = telling & true(pc.match_substring_regex(bare.figures, "[.,' _]"))
    place = int(np.flatnonzero(marked if marked.any() else telling)[0])
    apart = None
    if other:
        apart = float(_values(bare, np.arange(len(words)) == place, other)[place])
    without = int(rows[finite & ~true(pc.not_equal(bare.units, ""))].sum()) if unit else 0
    return NumberNotation(words[place].as_py(), float(values[place]), apart, unit, without)


def _infinite(words: pa.Array) -> NDArray[np.bool_]:
    return _matches(words, _INFINITE)


def _matches(words: pa.Array, pattern: str) -> NDArray[np.bool_]:
    return true(pc.match_substring_regex(words, pattern))
