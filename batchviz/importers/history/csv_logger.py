"""CSV -> rows: what `keras.callbacks.CSVLogger` wrote, whatever its separator, also after a spreadsheet saved it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.history_findings import Choice, Finding, HeadingsRepeated, Mark, Open
from batchviz.importers import cells
from batchviz.importers.history import other_files
from batchviz.importers.history.headings import counts_epochs, understood
from batchviz.importers.history.rows import Column, Reading, Rows
from batchviz.importers.table import csv
from batchviz.importers.table.encoding import decode
from batchviz.text.history import quoted

NOT_MEASURED = (*(word for word in cells.MISSING if word != "nan"), "none", "<null>")
"""CSVLogger writes NA where a value was not measured in an epoch (validation_freq)."""
NOT_A_NUMBER = ("nan", "-nan", "+nan", "-nan(ind)", "nan(ind)")


def read(data: bytes, reading: Reading) -> Rows:
    """The rows of the file. Raises DataError."""
    text, _ = decode(data)
    text, separator = csv.separator(text.lstrip(b"\n"), "")
    csv.check_quotes(text, separator)
    names, start = csv.first_record(text, separator)
    names = [name.strip() for name in names]
    _check_headings(names, separator)
    arrays = [pc.utf8_trim_whitespace(words) for words in csv.columns(text, start, len(names), separator)]
    lines = np.arange(len(arrays[0])) + 2
    names, arrays, lines, findings = _without_headings(names, arrays, lines)
    places = [place for place, name in enumerate(names) if counts_epochs(name) or understood(name)]
    votes = sum(cells.vote(arrays[place]) for place in places)
    columns, choices = [], []
    for place, (name, words) in enumerate(zip(names, arrays, strict=True)):
        numbers = cells.numbers(words, votes=votes, separator=separator, mark=reading.decimal_mark)
        columns.append(_column(name, words, numbers, lines))
        if place in places and numbers.other and numbers.example is not None:
            findings.append(Mark(name, numbers.example.word, numbers.example.value))
            choices.append(Open(Choice.DECIMAL_MARK, numbers.mark, (numbers.other,)))
    counting = next((column for column in columns if counts_epochs(column.name)), None)
    if counting is not None and counting.problem:
        raise DataError(f"{quoted(counting.name)} {counting.problem}; expected the number of the epoch.")
    # "" heads the row numbers that pandas writes.
    kept = [column for column in columns if column is not counting and column.name]
    return Rows(kept, counting, lines.tolist(), findings=tuple(findings), choices=tuple(choices[:1]))


def _check_headings(names: Sequence[str], separator: str) -> None:
    if what := other_files.by_headings(names):
        raise DataError(what)
    words = pa.array(names, pa.string())
    if cells.numbers(words, separator=separator).readable.all():
        raise DataError(
            "The first line holds numbers only; expected a heading over every column, as CSVLogger writes them: "
            "epoch, loss, val_loss."
        )
    understood_names = [name for name in names if understood(name) or counts_epochs(name)]
    for name in understood_names:
        if understood_names.count(name) > 1:
            first = names.index(name)
            second = names.index(name, first + 1)
            raise DataError(
                f"Columns {first + 1:,} and {second + 1:,} have the same name, {quoted(name)}. Expected it once: "
                "remove one of them."
            )


def _without_headings(
    names: list[str], arrays: list[pa.Array], lines: NDArray[np.int64]
) -> tuple[list[str], list[pa.Array], NDArray[np.int64], list[Finding]]:
    """Without the lines on which the headings stand again, in the same order."""
    again = np.ones(len(lines), bool)
    for name, words in zip(names, arrays, strict=True):
        equal = pc.equal(pc.utf8_lower(words), name.lower())
        again &= np.asarray(equal.to_numpy(zero_copy_only=False), bool)
    if not again.any():
        return names, arrays, lines, []
    kept = pa.array(~again)
    finding = HeadingsRepeated(tuple(lines[again].tolist()))
    return names, [words.filter(kept) for words in arrays], lines[~again], [finding]


def _column(name: str, words: pa.Array, numbers: cells.Numbers, lines: NDArray[np.int64]) -> Column:
    values = numbers.values.copy()
    texts = [str(word).lower() for word in words.to_pylist()]
    values[numbers.infinite] = [-np.inf if text.startswith(("-", "−")) else np.inf for text in
                                np.array(texts, object)[numbers.infinite]]  # fmt: skip
    measured = ~np.isin(texts, NOT_MEASURED)
    readable = numbers.readable | np.isin(texts, NOT_A_NUMBER) | ~measured
    bad = int(np.argmin(readable)) if not readable.all() else None
    problem = "" if bad is None else f"holds {words[bad].as_py()[:40]!r} on line {lines[bad]:,}"
    return Column(name, values, np.asarray(measured, np.bool_), problem)
