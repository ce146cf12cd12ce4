"""CSV text -> one array of words a column. Separator and headings are found out; ragged lines are named."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.csv

from batchviz.errors import DataError
from batchviz.importers.limits import MAX_COLUMNS, MAX_FIRST_LINE_BYTES
from batchviz.text.table import SEPARATORS

_LIKELY = "\t;|,"  # of equals the first: a comma stands inside numbers and texts more often than the others
_SAMPLE = 64 * 1024
_LONGEST_WORD = 1_000_000

csv.field_size_limit(_LONGEST_WORD)


def first_record(text: bytes, separator: str) -> tuple[list[str], int]:
    """The words of the first record, and where the next one begins.

    The first line is measured before it is taken apart, so that a million columns cost nothing.
    Raises DataError for an empty text, a line that is too long and too many columns.
    """
    if not text.strip():
        raise DataError("The file is empty. Expected one line of column names and one line a row.")
    end = text.find(b"\n")
    length = len(text) if end < 0 else end
    if length > MAX_FIRST_LINE_BYTES:
        raise DataError(
            f"The first line has {length:,} bytes; expected the names of at most {MAX_COLUMNS:,} columns in "
            f"{MAX_FIRST_LINE_BYTES:,} bytes. Check that the file has one line a row."
        )
    lines = _lines(text)
    reader = csv.reader((line.decode() for line in lines), delimiter=separator)
    try:
        words = next(reader)
    except (csv.Error, StopIteration) as error:
        raise DataError(
            f"The first line could not be read as CSV ({error}). Expected column names."
        ) from None
    if len(words) > MAX_COLUMNS:
        raise DataError(
            f"The file has {len(words):,} columns; expected at most {MAX_COLUMNS:,}. Remove the columns that are "
            "not needed."
        )
    start = 0
    for _ in range(reader.line_num):
        start = text.find(b"\n", start) + 1 or len(text)
    return words, start


def separator(text: bytes, chosen: str) -> tuple[bytes, str]:
    """The text from its first record on, and its separator: the one chosen, announced (`sep=;`) or found."""
    line, _, _ = text[:16].partition(b"\n")
    announced = line.decode(errors="ignore").lower().removeprefix("sep=")
    if len(announced) == 1 and line.lower().startswith(b"sep=") and announced in SEPARATORS:
        return text[len(line) + 1 :], chosen or announced
    return text, chosen or _sniffed(text)


def _sniffed(text: bytes) -> str:
    """The separator that cuts the first lines into equally many words, at least two; a comma if none does."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    scores = {separator: _evenness(sample, separator) for separator in _LIKELY}
    best = max(_LIKELY, key=scores.__getitem__)
    return best if scores[best] > 0 else ","


def _evenness(sample: bytes, separator: str) -> float:
    """The share of lines with the commonest number of words, 0 when that is one word."""
    try:
        # Cut off in the middle of a character, the last line is of no interest.
        lines = io.StringIO(sample.decode(errors="ignore"), newline="\n")
        counts = Counter(len(words) for words in csv.reader(lines, delimiter=separator) if words)
    except csv.Error:
        return 0.0
    (words, lines_alike), *_ = counts.most_common(1) or [(0, 0)]
    return lines_alike / counts.total() if words > 1 else 0.0


def columns(text: bytes, start: int, width: int, separator: str) -> list[pa.Array]:
    """The words below the first record, an array a column. Raises DataError naming the first ragged line."""
    body = memoryview(text)[start:]
    if not bytes(body[:_SAMPLE]).strip() and not bytes(body).strip():
        return [pa.array([], pa.string()) for _ in range(width)]
    names = [str(number) for number in range(width)]
    try:
        table = pa.csv.read_csv(
            pa.py_buffer(body),
            # One block: a record may be as long as the file, and a row's number is known only in order.
            read_options=pa.csv.ReadOptions(use_threads=False, column_names=names, block_size=len(body) + 1),
            parse_options=pa.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowException as error:
        raise _row_error(text, width, separator, error) from None
    return [column.combine_chunks() for column in table.columns]


def _row_error(text: bytes, width: int, separator: str, error: Exception) -> DataError:
    """Where a line has more or fewer words than the first."""
    before = 0
    try:
        reader = csv.reader((line.decode() for line in _lines(text)), delimiter=separator)
        for words in reader:
            if words and len(words) != width:
                return DataError(
                    f"Line {before + 1:,} has {len(words):,} values, but the first line has {width:,}. Expected "
                    f"equally many on every line, separated by {SEPARATORS[separator]}; a value that holds "
                    f"one of them belongs in quotation marks."
                )
            before = reader.line_num
    except csv.Error as problem:
        return DataError(f"Line {before + 1:,} could not be read as CSV ({problem}). Correct it.")
    reason = str(error).splitlines()[0][:200]
    return DataError(
        f"The file could not be read as CSV: {reason}. Expected equally many values on every line."
    )


def check_quotes(text: bytes, separator: str) -> None:
    """Raises DataError where quotation marks are opened and never closed, with the line of the record."""
    if text.count(b'"') % 2 == 0:
        return
    before = 0
    reader = csv.reader((line.decode() for line in _lines(text)), delimiter=separator, strict=True)
    try:
        for _ in reader:
            before = reader.line_num
    except csv.Error as error:
        if "unexpected end of data" in str(error) or "field limit" in str(error):
            raise DataError(
                f"A quotation mark opened in the record that starts on line {before + 1:,} is never closed, so "
                "everything below it would be one value. Close or remove it."
            ) from None


def _lines(text: bytes) -> Iterator[bytes]:
    yield from io.BytesIO(text)
