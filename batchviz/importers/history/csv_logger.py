"""CSV -> columns: what `keras.callbacks.CSVLogger` wrote, whatever its separator, also after a spreadsheet saved it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.importers import cells
from batchviz.importers.history.columns import Column
from batchviz.importers.table import csv
from batchviz.importers.table.encoding import decode
from batchviz.importers.table.reader import other_kind_of_file

NOT_MEASURED = ("", "na", "n/a", "none", "null")
"""CSVLogger writes NA where a value was not measured in an epoch (validation_freq)."""
NOT_A_NUMBER = ("nan", "-nan")


def columns(data: bytes) -> list[Column]:
    """The columns of the file, but for the number of the row. Raises DataError."""
    if what := other_kind_of_file(data):
        raise DataError(f"The file is {what}")
    text, _ = decode(data)
    text, separator = csv.separator(text.lstrip(b"\n"), "")
    csv.check_quotes(text, separator)
    names, start = csv.first_record(text, separator)
    arrays = csv.columns(text, start, len(names), separator)
    votes = sum(cells.vote(array) for array in arrays)
    columns_read = [
        _column(name.strip(), array, votes, separator) for name, array in zip(names, arrays, strict=True)
    ]
    if len({column.name for column in columns_read}) < len(columns_read):
        raise DataError("Two columns have the same name. Expected each once, as CSVLogger writes them.")
    for column in columns_read:
        if column.name == "epoch":
            _check_epochs(column.values)
    # "" heads the row numbers that pandas writes.
    return [column for column in columns_read if column.name not in ("epoch", "")]


def _column(name: str, words: pa.Array, votes: int, separator: str) -> Column:
    numbers = cells.numbers(words, votes=votes, separator=separator)
    texts = [str(word).strip().lower() for word in words.to_pylist()]
    values = numbers.values.copy()
    values[numbers.infinite] = np.inf
    measured = ~np.isin(texts, NOT_MEASURED)
    readable = numbers.known | np.isin(texts, NOT_A_NUMBER) | ~measured
    bad = int(np.argmin(readable)) if not readable.all() else None
    problem = "" if bad is None else f"holds {texts[bad][:40]!r} on line {bad + 2:,}"
    return Column(name, values, np.asarray(measured, np.bool_), problem)


def _check_epochs(epochs: NDArray[np.float64]) -> None:
    steps = np.diff(epochs)
    wrong = np.flatnonzero(~(steps == 1))
    if not len(wrong):
        return
    line = int(wrong[0]) + 3
    if epochs[wrong[0] + 1] <= epochs[wrong[0]]:
        raise DataError(
            f"On line {line:,} the epochs start again: the file holds several trainings (append=True). Save each as a "
            "file of its own, with the first line on top."
        )
    raise DataError(f"An epoch is missing before line {line:,}. Expected a line for every epoch.")
