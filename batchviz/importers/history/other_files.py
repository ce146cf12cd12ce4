"""Files that people take for a history, told by what is in them, and what to import instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from batchviz.importers.table.reader import other_kind_of_file

_SAVE = "Expected the file of a CSVLogger, or History.history as JSON: json.dump(history.history, file, default=float)."
_SIGNS = {
    b"\x93NUMPY": f"a NumPy array. {_SAVE}",
    b"\x89HDF": f"an HDF5 file: a model's weights hold no history. {_SAVE}",
    b"PAR1": "a Parquet file. Save the table as CSV, then import that.",
}
_EVENTS = b"brain.Event:"


def by_content(data: bytes) -> str:
    """What the file is when it is no text of ours, with what to do; empty when it may be a history."""
    for sign, what in _SIGNS.items():
        if data.startswith(sign):
            return f"The file is {what}"
    if data[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return f"The file is a Python pickle, which is never opened: it could run any program. {_SAVE}"
    if _EVENTS in data[:64]:
        return (
            "The file holds TensorBoard's events, which BatchViz does not read. Expected a history: let "
            "keras.callbacks.CSVLogger or batchviz.Callback write beside TensorBoard while the model trains."
        )
    what = other_kind_of_file(data)
    for table, history in (
        ("Expected a table: CSV or Parquet.", _SAVE),
        ("CSV or Parquet", "CSV"),
        ("upload", "import"),
    ):
        what = what.replace(table, history)
    return f"The file is {what}" if what else ""


def by_headings(names: Sequence[str]) -> str:
    """What a table with these headings is when it is no history; empty when it may be one."""
    if any(re.search(r"__(MIN|MAX)$", name) for name in names):
        return (
            "This is the export of a Weights & Biases chart, which holds one metric of several runs. Expected a file a "
            "run with its losses: wandb.Api().run(PATH).history().to_csv(FILE, index=False)."
        )
    if [name.lower() for name in names] == ["wall time", "step", "value"]:
        return (
            "This is one curve downloaded from TensorBoard, which does not say what it is of. Expected a heading over "
            "every column: rename the columns to epoch and loss, or train with keras.callbacks.CSVLogger."
        )
    return ""
