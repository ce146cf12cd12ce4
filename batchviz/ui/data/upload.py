"""The file that a visitor has uploaded, read once for each way of reading it."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from batchviz.importers.limits import MAX_TABLE_BYTES
from batchviz.importers.table import Reading, Table, read
from batchviz.text import hints
from batchviz.ui.data import options
from batchviz.ui.session_state import TABLE, UPLOAD_ROUND, UPLOADED_FILE


def choose_file() -> tuple[str, bytes] | None:
    """The uploader; the file's name without its ending, and its bytes."""
    file = st.file_uploader(
        "CSV or Parquet file",
        key=f"upload_{UPLOAD_ROUND.get()}",
        max_upload_size=MAX_TABLE_BYTES // 2**20,
        help=hints.UPLOAD,
    )
    if file is None:
        TABLE.delete()
        return None
    if UPLOADED_FILE.get() != file.file_id:
        UPLOADED_FILE.set(file.file_id)
        options.forget_answers()
    return PurePath(file.name).stem, file.getvalue()


def read_table(data: bytes, how: Reading) -> Table:
    """The table in the file. Raises DataError."""
    source = (UPLOADED_FILE.get(), how)
    kept = TABLE.get()
    if kept is None or kept[0] != source:
        TABLE.delete()
        kept = (source, read(data, how))
        TABLE.set(kept)
    return kept[1]


def clear_file() -> None:
    """Take the file away: it has become a data set."""
    UPLOAD_ROUND.set(UPLOAD_ROUND.get() + 1)
    TABLE.delete()
