"""Histories that Keras wrote: `History.history` as JSON, or the file of a `CSVLogger`.

    history = read(data)                                # History: what the file holds, an epoch a row
    run = recorded(history, Metadata(batch_size=32))    # ImportedRun: what the store takes

A history says nothing of the batch size, the data or the seed; whoever imports it states them.

json_history  JSON -> rows         csv_logger  CSV -> rows       rows  what they give; how to read what is open
other_files   what people take for a history                     headings  what a heading means
epochs        one row an epoch     columns     which of them are the loss, the metric and their validation values
metadata      what must be stated, and what a file's name suggests
run           history and metadata -> a run
"""

from __future__ import annotations

from batchviz.errors import DataError
from batchviz.importers.history import csv_logger, json_history, other_files
from batchviz.importers.history.columns import History, sorted_out
from batchviz.importers.history.epochs import one_row_an_epoch
from batchviz.importers.history.metadata import CLASSIFICATION, REGRESSION, Metadata, suggested
from batchviz.importers.history.rows import Reading
from batchviz.importers.history.run import recorded
from batchviz.importers.limits import MAX_HISTORY_BYTES

__all__ = [
    "CLASSIFICATION",
    "REGRESSION",
    "History",
    "Metadata",
    "Reading",
    "read",
    "recorded",
    "suggested",
]


def read(data: bytes, reading: Reading | None = None) -> History:
    """The history in a file; `reading` says how to take what the file leaves open, which `choices` of it name.

    Raises DataError for whatever is none.
    """
    reading = reading or Reading()
    if len(data) > MAX_HISTORY_BYTES:
        raise DataError(
            f"The file has {len(data) / 1e6:,.0f} MB; a history has at most {MAX_HISTORY_BYTES / 1e6:,.0f} MB. "
            "Expected one value an epoch, not one a batch."
        )
    if not data.strip():
        raise DataError("The file is empty. Expected History.history as JSON, or what CSVLogger wrote.")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in (b"{", b"["):
        rows = json_history.read(data, reading)
    elif what := other_files.by_content(data):
        raise DataError(what)
    else:
        rows = csv_logger.read(data, reading)
    return sorted_out(one_row_an_epoch(rows, reading), reading)
