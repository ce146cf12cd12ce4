"""The files that a visitor has uploaded to import, each read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import BinaryIO

import streamlit as st

from batchviz.errors import DataError
from batchviz.importers import archive
from batchviz.importers.history import History, Reading, read
from batchviz.importers.limits import MAX_ARCHIVE_BYTES
from batchviz.text import hints
from batchviz.ui.limits import MAX_IMPORT_FILES
from batchviz.ui.session_state import IMPORT_EDITS, IMPORT_ROUND, Key


@dataclass(frozen=True)
class File:
    """One file: an archive, a history, or neither, and then why."""

    id: str
    name: str
    content: BinaryIO
    archive: bool = False
    history: History | None = None
    runs: int = 0
    problem: str = ""


IMPORT_FILES: Key[Mapping[str, File]] = Key("import_read", MappingProxyType({}))


def choose_files(key: str) -> list[File]:
    """The uploader, and what was found in the files."""
    uploaded = st.file_uploader(
        "BatchViz archives (.batchviz.zip), or histories that Keras wrote (.json, .csv)",
        accept_multiple_files=True,
        key=f"{key}_files_{IMPORT_ROUND.get()}",
        max_upload_size=MAX_ARCHIVE_BYTES // 10**6,
        help=hints.IMPORT_FILES,
    )
    if len(uploaded) > MAX_IMPORT_FILES:
        st.text(
            f"{len(uploaded):,} files; only the first {MAX_IMPORT_FILES} are read. Import the others afterwards."
        )
    already_read = IMPORT_FILES.get()
    files = {
        file.file_id: already_read.get(file.file_id) or _read(file.file_id, file.name, file)
        for file in uploaded[:MAX_IMPORT_FILES]
    }
    IMPORT_FILES.set(files)
    return list(files.values())


def read_anew(file: File, reading: Reading) -> File:
    """The same file, with what it leaves open read in another way."""
    try:
        file.content.seek(0)
        return replace(file, history=read(file.content.read(), reading))
    except DataError as error:
        return replace(file, history=None, problem=str(error))


def forget_files() -> None:
    """Start anew, without files."""
    IMPORT_ROUND.set(IMPORT_ROUND.get() + 1)
    IMPORT_FILES.delete()
    IMPORT_EDITS.delete()


def _read(file_id: str, name: str, content: BinaryIO) -> File:
    try:
        content.seek(0)
        if archive.is_archive(content.read(4)):
            runs = sum(1 for _ in archive.read(content))
            return File(file_id, name, content, archive=True, runs=runs)
        content.seek(0)
        return File(file_id, name, content, history=read(content.read()), runs=1)
    except DataError as error:
        return File(file_id, name, content, problem=str(error))
