"""A file -> Table. What kind of file it is, its first bytes tell, never its name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batchviz.errors import DataError
from batchviz.experiment.table_findings import Finding, NoHeadings, TableShape
from batchviz.importers import cells
from batchviz.importers.limits import MAX_TABLE_BYTES
from batchviz.importers.table import csv, headings, inference, options, parquet
from batchviz.importers.table.column import Column, compact, shortened
from batchviz.importers.table.encoding import decode
from batchviz.importers.table.options import Reading
from batchviz.text.numbers import MAX_LISTED, listing
from batchviz.text.table import SEPARATORS

_SAVE = "Save it as CSV or Parquet, then upload that."
_UNPACK = "Unpack it, then upload what is in it."
_PICTURE = "a picture. Expected a table: CSV or Parquet."
_PAGE = "a web page, perhaps the one that leads to the download. Expected a table: CSV or Parquet."

_SIGNS = {
    b"PK\x03\x04": f"an Excel workbook (.xlsx) or another ZIP archive. {_SAVE}",
    b"PK\x05\x06": "an empty ZIP archive. Expected a table: CSV or Parquet.",
    b"\xd0\xcf\x11\xe0": f"an old Excel workbook (.xls). {_SAVE}",
    b"\x1f\x8b": f"packed with gzip. {_UNPACK}",
    b"BZh": f"packed with bzip2. {_UNPACK}",
    b"\xfd7zXZ": f"packed with xz. {_UNPACK}",
    b"\x28\xb5\x2f\xfd": f"packed with zstd. {_UNPACK}",
    b"7z\xbc\xaf": f"a 7-Zip archive. {_UNPACK}",
    b"Rar!": f"a RAR archive. {_UNPACK}",
    b"%PDF": f"a PDF. {_SAVE}",
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"\x89HDF": f"an HDF5 file. {_SAVE}",
    b"\x93NUMPY": f"a NumPy array. {_SAVE}",
    b"ARROW1": f"a Feather (Arrow) file. {_SAVE}",
    b"SQLite format 3": f"an SQLite database. {_SAVE}",
    b"PARE": "an encrypted Parquet file. Save it without encryption.",
    b'{"': f"JSON. {_SAVE}",
    b"[{": f"JSON. {_SAVE}",
    b"<!doctype": _PAGE,
    b"<html": _PAGE,
    b"<?xml": f"XML. {_SAVE}",
}


def other_kind_of_file(data: bytes) -> str:
    """What the file is when it is none of ours, with what to do; empty when it may be a table."""
    start = data[:64].lstrip(b" \r\n\t\xef\xbb\xbf").lower()
    for sign, what in _SIGNS.items():
        if data.startswith(sign) or (sign[:1] in b"{[<" and start.startswith(sign)):
            return what
    return ""


PREVIEWED = 20
_EMPTY = "The file is empty. Expected one line of column names and one line a row."


@dataclass(frozen=True)
class Table:
    """A file, read: at most MAX_OWN_ROWS rows."""

    rows: int
    columns: tuple[Column, ...]
    notes: tuple[Finding, ...]
    """How it was read."""
    first: pd.DataFrame = field(compare=False)
    """The first rows as the file has them, as text."""
    separator: str = ""
    """Of a text file; empty for Parquet."""
    total: int = 0
    """Rows in the file, of which `rows` were taken."""

    def column(self, name: str) -> Column:
        """The column of that name. Raises DataError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise DataError(
            f"There is no column {name[:80]!r}; expected one of {listing(self.names, MAX_LISTED)}."
        )

    @property
    def names(self) -> list[str]:
        """Of the columns, each once."""
        return [column.name for column in self.columns]


def read(data: bytes, how: Reading | None = None) -> Table:
    """The table in a file. Raises DataError (TooManyRows where a choice helps) for whatever is no such table."""
    how = how or Reading()
    if len(data) > MAX_TABLE_BYTES:
        raise DataError(
            f"The file has {len(data) / 2**20:,.1f} MB; expected at most {MAX_TABLE_BYTES / 2**20:.0f} MB. Keep fewer "
            "rows or columns, or save it as Parquet, which is smaller."
        )
    if not data:
        raise DataError(_EMPTY)
    if what := other_kind_of_file(data):
        raise DataError(f"The file is {what}")
    return _from_parquet(data, how) if data.startswith(b"PAR1") else _from_text(data, how)


def _from_parquet(data: bytes, how: Reading) -> Table:
    record, arrays, total, index = parquet.load(data, how.sample)
    _check_shape(total, len(record))
    names, renamed = headings.names(record)
    ways = dict(how.ways)
    columns = tuple(
        replace(parquet.judge(name, array, ways.get(name)), index=heading in index)
        for heading, name, array in zip(record, names, arrays, strict=True)
    )
    notes = (
        TableShape(total, len(columns), ""),
        *options.notes(total, how.sample),
        *renamed,
    )
    return Table(len(arrays[0]), columns, notes, _first(names, arrays), total=total)


def _from_text(data: bytes, how: Reading) -> Table:
    text, decoded = decode(data)
    text, separator = csv.separator(text.lstrip(b"\n"), how.separator)
    csv.check_quotes(text, separator)
    record, start = csv.first_record(text, separator)
    arrays = csv.columns(text, start, len(record), separator)
    named = headings.has_headings(record, arrays) if how.headings is None else how.headings
    if not named:
        arrays = csv.columns(text, 0, len(record), separator)
    total, words = len(arrays[0]), SEPARATORS[separator]
    _check_shape(total, len(arrays), words)
    kept = options.kept_rows(total, how.sample)
    if kept is not None:
        arrays = [array.take(pa.array(kept)) for array in arrays]
    names, renamed = headings.names(record if named else [""] * len(record))
    if not named:
        renamed = []
    votes = sum(cells.vote(array) for array in arrays)
    ways = dict(how.ways)
    columns = tuple(
        inference.of_words(name, array, votes, separator, how.decimal, ways.get(name))
        for name, array in zip(names, arrays, strict=True)
    )
    if named and not record[0].strip():
        columns = (replace(columns[0], index=True), *columns[1:])
    notes: tuple[Finding, ...] = (
        TableShape(total, len(columns), separator),
        *([decoded] if decoded else []),
        *options.notes(total, how.sample),
        *renamed,
        *([] if named else [NoHeadings()]),
    )
    return Table(len(arrays[0]), columns, notes, _first(names, arrays), separator, total)


def _check_shape(rows: int, columns: int, separated_by: str = "") -> None:
    if columns < 2:
        columns_found = "no column" if columns == 0 else "a single column"
        hint = f"It was taken apart at {separated_by}: if that is wrong, choose another separator. " * bool(
            separated_by
        )
        raise DataError(
            f"The file has {columns_found}. {hint}Expected a target and at least one column to predict it from."
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
