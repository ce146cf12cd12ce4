"""A BatchViz archive, `.batchviz.zip`: checked entry by entry, read without ever unpacking to disk.

`container` is the zip file (what it may hold, how much, nothing of it believed), `document` the JSON in it, `run` one
run of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from batchviz.importers.archive.container import Container
from batchviz.importers.archive.run import imported_run, layout
from batchviz.importers.imported_run import ImportedRun

__all__ = ["is_archive", "read"]


def is_archive(start: bytes) -> bool:
    """Whether a file's first bytes are those of a zip file."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(file: BinaryIO) -> Iterator[ImportedRun]:
    """The runs of an archive, one at a time; all of them are checked before the first is handed on.

    Raises DataError for a file that is damaged, hostile, too large or made by a newer BatchViz.
    """
    container = Container(file)
    names, kinds = layout(container)
    for name in names:
        imported_run(container, name, kinds)
    return (imported_run(container, name, kinds) for name in names)
