"""A zip file that nobody vouches for: everything its directory claims is checked before anything is unpacked."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from batchviz.errors import DataError
from batchviz.experiment.series import SERIES
from batchviz.importers.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_ARCHIVE_DIRECTORY_BYTES,
    MAX_ARCHIVE_FILES,
    MAX_ARCHIVE_JSON_BYTES,
    MAX_ARCHIVE_MEASURED_ROWS,
    MAX_ARCHIVE_ROWS,
    MAX_ARCHIVE_UNPACKED_BYTES,
)

MAX_UNPACKED_BYTES = {
    "manifest.json": MAX_ARCHIVE_JSON_BYTES,
    "run.json": MAX_ARCHIVE_JSON_BYTES,
    "epochs.f32": MAX_ARCHIVE_ROWS * 4 * len(SERIES["epochs"].columns),
    "updates.f32": MAX_ARCHIVE_ROWS * 4 * len(SERIES["updates"].columns),
    "measured.f32": MAX_ARCHIVE_MEASURED_ROWS * 4 * len(SERIES["measured"].columns),
}
"""Bytes of each kind of file, unpacked."""
NAME = re.compile(r"manifest\.json|runs/\d{4}/(run\.json|(epochs|updates|measured)\.f32)", re.ASCII)
END, END_64, END_LENGTH = b"PK\x05\x06", b"PK\x06\x07", 22

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip
"""What zipfile raises for files that are not as they should be; UnicodeDecodeError is a ValueError."""


class Container:
    """The entries of a zip file by name, none of them believed. Raises DataError, here and when reading."""

    def __init__(self, file: BinaryIO) -> None:
        """`file` must be seekable and stay open."""
        size = _check_end(file)
        try:
            self._zip = zipfile.ZipFile(file)
            entries = self._zip.infolist()
        except _DAMAGED as error:
            raise _damaged(error) from None
        names = [entry.filename for entry in entries]
        for entry in entries:
            _check_entry(entry)
        if len(set(names)) < len(names):
            raise _foreign("a name stands in it twice")
        if sum(entry.file_size for entry in entries) > MAX_ARCHIVE_UNPACKED_BYTES:
            raise DataError(
                f"Unpacked, the archive would take more than {MAX_ARCHIVE_UNPACKED_BYTES / 1e6:,.0f} MB. "
                "Export fewer runs at once."
            )
        _check_overlaps(entries, size)
        self.names = frozenset(names)

    def size(self, name: str) -> int:
        """Bytes of an entry, as the directory has it: `read` gives exactly so many, or fails."""
        return self._zip.getinfo(name).file_size

    def read(self, name: str) -> bytes:
        """The content of an entry."""
        if name not in self.names:
            raise _foreign(f"{name} is missing")
        entry = self._zip.getinfo(name)
        try:
            with self._zip.open(entry) as member:
                content = member.read(entry.file_size)
                # Reading on to the end is what makes zipfile compare the checksum.
                rest = member.read(1)
        except _DAMAGED as error:
            raise _damaged(error) from None
        if rest or len(content) != entry.file_size:
            raise _foreign(f"{name} is not as long as the archive says")
        return content


def _check_end(file: BinaryIO) -> int:
    """The file's size. Refuses a long directory before zipfile reads it, which it does at once and whole."""
    size = file.seek(0, 2)
    if size > MAX_ARCHIVE_BYTES:
        raise DataError(
            f"The file has {size / 1e6:,.0f} MB; expected at most {MAX_ARCHIVE_BYTES / 1e6:,.0f} MB. Export fewer runs."
        )
    file.seek(max(0, size - END_LENGTH - 20))
    tail = file.read()
    end = tail[-END_LENGTH:]
    if len(end) < END_LENGTH or not end.startswith(END) or tail[:-END_LENGTH].startswith(END_64):
        raise DataError(
            "This is not a BatchViz archive, or it is damaged: expected a .batchviz.zip file as it was exported. "
            "Export it again, and do not pack it anew."
        )
    entries, length = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if entries > MAX_ARCHIVE_FILES or length > MAX_ARCHIVE_DIRECTORY_BYTES:
        raise _foreign(f"it holds {entries:,} files")
    return size


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = repr(entry.filename[:60])
    if NAME.fullmatch(entry.filename) is None or entry.orig_filename != entry.filename:
        raise _foreign(f"it holds a file {name}")
    if entry.flag_bits & 0x1:
        raise _foreign(f"{name} is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _foreign(f"{name} is packed by a method that BatchViz does not use")
    limit = MAX_UNPACKED_BYTES[entry.filename.rsplit("/", 1)[-1]]
    if entry.file_size > limit:
        raise DataError(f"{name} in the archive is larger than the {limit:,} bytes that it can be.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise _foreign(f"{name} is a link, not a file")


def _check_overlaps(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Entries that share bytes are how a small file unpacks to a huge one."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise _foreign("its files overlap")
        end = entry.header_offset + 30 + len(entry.filename) + entry.compress_size
    if end > size:
        raise _foreign("its files are cut short")


def _foreign(what: str) -> DataError:
    return DataError(
        f"This is not an archive as BatchViz writes them: {what}. Expected a .batchviz.zip file as it was exported."
    )


def _damaged(error: Exception) -> DataError:
    text = " ".join(str(error).split())[:120]
    return DataError(f"The archive is damaged ({text or type(error).__name__}). Export or download it again.")
