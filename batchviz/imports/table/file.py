"""A file -> Table. What kind of file it is, its first bytes tell, never its name."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batchviz.errors import DataError
from batchviz.imports.table import delimited, headings, judgement, numerals, parquet, reading
from batchviz.imports.table.column import Column, shortened
from batchviz.imports.table.decoding import decode
from batchviz.imports.table.foreign import foreign
from batchviz.imports.table.reading import Reading
from batchviz.imports.table.words import compact

MOST_BYTES = 20 * 2**20
PREVIEWED = 20
_EMPTY = "The file is empty. Expected one line of column names and one line a row."


@dataclass(frozen=True)
class Table:
    """A file, read: at most OWN_ROWS rows."""

    rows: int
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    """How it was read, a sentence each."""
    first: pd.DataFrame = field(compare=False)
    """The first rows as the file has them, as text."""
    separator: str = ""
    """Of a text file; empty for Parquet."""
    total: int = 0
    """Rows in the file, of which `rows` were taken."""

    def column(self, name: str) -> Column:
        """The column of that name. Raises DataError when there is none."""
        for one in self.columns:
            if one.name == name:
                return one
        raise DataError(f"There is no column {name[:80]!r}; expected one of {headings.listed(self.names)}.")

    @property
    def names(self) -> list[str]:
        """Of the columns, each once."""
        return [one.name for one in self.columns]


def read(data: bytes, how: Reading | None = None) -> Table:
    """The table in a file. Raises DataError (TooManyRows where a choice helps) for whatever is no such table."""
    how = how or Reading()
    if len(data) > MOST_BYTES:
        raise DataError(
            f"The file has {len(data) / 2**20:,.1f} MB; expected at most {MOST_BYTES / 2**20:.0f} MB. Keep fewer "
            "rows or columns, or save it as Parquet, which is smaller."
        )
    if not data:
        raise DataError(_EMPTY)
    if what := foreign(data):
        raise DataError(f"The file is {what}")
    return _from_parquet(data, how) if data.startswith(b"PAR1") else _from_text(data, how)


def _from_parquet(data: bytes, how: Reading) -> Table:
    record, arrays, total = parquet.load(data, how.sample)
    _check_shape(total, len(record))
    names, renamed = headings.names(record)
    columns = tuple(parquet.judge(name, array) for name, array in zip(names, arrays, strict=True))
    notes = (
        f"A Parquet file of {total:,} rows and {len(columns):,} columns.",
        *reading.said(total, how.sample),
        *renamed,
    )
    return Table(len(arrays[0]), columns, notes, _first(names, arrays), total=total)


def _from_text(data: bytes, how: Reading) -> Table:
    text, decoded = decode(data)
    text, separator = delimited.separator(text.lstrip(b"\n"), how.separator)
    delimited.check_quotes(text, separator)
    record, start = delimited.first_record(text, separator)
    arrays = delimited.columns(text, start, len(record), separator)
    named = headings.found(record, arrays) if how.headings is None else how.headings
    if not named:
        arrays = delimited.columns(text, 0, len(record), separator)
    total, words = len(arrays[0]), delimited.SEPARATORS[separator]
    _check_shape(total, len(arrays), words)
    kept = reading.kept_rows(total, how.sample)
    if kept is not None:
        arrays = [array.take(pa.array(kept)) for array in arrays]
    names, renamed = headings.names(record if named else [""] * len(record))
    if not named:
        renamed = ["The first line holds values rather than names: the columns are named by number."]
    votes = sum(numerals.vote(array) for array in arrays)
    columns = tuple(
        judgement.of_words(name, array, votes, separator, how.decimal)
        for name, array in zip(names, arrays, strict=True)
    )
    notes = (
        f"A text file of {total:,} rows and {len(columns):,} columns, separated by {words}.",
        *filter(None, [decoded]),
        *reading.said(total, how.sample),
        *renamed,
    )
    return Table(len(arrays[0]), columns, notes, _first(names, arrays), separator, total)


def _check_shape(rows: int, columns: int, separated_by: str = "") -> None:
    if columns < 2:
        found = "no column" if columns == 0 else "a single column"
        hint = f"It was taken apart at {separated_by}: if that is wrong, choose another separator. " * bool(
            separated_by
        )
        raise DataError(
            f"The file has {found}. {hint}Expected a target and at least one column to predict it from."
        )
    if rows < 2:
        raise DataError(
            f"The file has {'no rows' if rows == 0 else 'a single row'} below the names. Expected at least 2."
        )


def _first(names: list[str], arrays: list[pa.Array]) -> pd.DataFrame:
    texts = [[shortened(text or "", 80) for text in _texts(array.slice(0, PREVIEWED))] for array in arrays]
    return pd.DataFrame(dict(zip(names, texts, strict=True)), dtype=str)


def _texts(array: pa.Array) -> list[str | None]:
    """Values as text, the beginning of long ones."""
    if isinstance(array, pa.DictionaryArray) and pa.types.is_string(array.type.value_type):
        array = compact(array)
        words = pc.utf8_slice_codeunits(array.dictionary, 0, 400)
        array = pa.DictionaryArray.from_arrays(array.indices, words)
    try:
        texts: list[str | None] = array.cast(
            pa.string()
        ).to_pylist()  # Arrow knows years that Python does not
    except pa.ArrowException:
        return [f"({shortened(str(array.type), 40)})"] * len(array)
    return texts
