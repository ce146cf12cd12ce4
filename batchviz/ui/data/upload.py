"""The file that a visitor has uploaded, read once for each way of reading it."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from batchviz.importers.table import MAX_BYTES, Reading, Table, read
from batchviz.ui.data import options


def ask() -> tuple[str, bytes] | None:
    """The uploader; the file's name without its ending, and its bytes."""
    file = st.file_uploader(
        "CSV or Parquet file",
        key=f"upload_{st.session_state.setdefault('uploads', 0)}",
        max_upload_size=MAX_BYTES // 2**20,
        help="At most 20 MB, 100,000 rows and 1,000 columns. The first line of a CSV file names its columns.",
    )
    if file is None:
        st.session_state.pop("table", None)
        return None
    if st.session_state.get("uploaded") != file.file_id:
        st.session_state["uploaded"] = file.file_id
        options.forget()
    return PurePath(file.name).stem, file.getvalue()


def table(data: bytes, how: Reading) -> Table:
    """The table in the file. Raises DataError."""
    asked = (st.session_state["uploaded"], how)
    kept: tuple[object, Table] | None = st.session_state.get("table")
    if kept is None or kept[0] != asked:
        st.session_state.pop("table", None)
        kept = (asked, read(data, how))
        st.session_state["table"] = kept
    return kept[1]


def clear() -> None:
    """Take the file away: it has become a data set."""
    st.session_state["uploads"] += 1
    st.session_state.pop("table", None)
