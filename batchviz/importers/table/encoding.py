"""Bytes -> UTF-8 text, and how that was done."""

from __future__ import annotations

import codecs

from batchviz.errors import DataError
from batchviz.experiment.table_findings import MarkedEncoding, WindowsEncoding

# UTF-32 before UTF-16: the mark of the one starts with the mark of the other.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_TITLES = {"utf-8": "UTF-8", "cp1252": "Windows-1252"}


def decode(data: bytes) -> tuple[bytes, MarkedEncoding | WindowsEncoding | None]:
    """The text as UTF-8 with line ends of \\n, and what was found when that took more than reading.

    A byte order mark decides. Without one the text must be UTF-8, or else Windows-1252, which is said.
    Raises DataError with the place of a byte that fits neither, and for NUL bytes.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _lines(_strictly(data[len(mark) :], encoding, len(mark))), _remark(encoding)
    if (place := data.find(0)) >= 0:
        raise DataError(
            f"{_where(data, place)} is a NUL, which no text holds: the file is UTF-16 without a byte order mark, "
            "or no text at all. Expected CSV in UTF-8; save it as that, or as Parquet."
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _strictly(data, "cp1252", 0)
        return _lines(text), WindowsEncoding(error.start + 1, _line(data, error.start))
    return _lines(data), None


def _strictly(data: bytes, encoding: str, skipped: int) -> bytes:
    try:
        text = data.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        title = _TITLES.get(encoding, encoding.upper())
        raise DataError(
            f"{_where(data, place, skipped)} is not {'UTF-8 and not ' if encoding == 'cp1252' else ''}{title}. "
            "Save the file as UTF-8 (in Excel: CSV UTF-8), then upload it again."
        ) from None
    if (place := text.find(0)) >= 0:
        raise DataError(f"{_where(text, place)} is a NUL character, which no text holds. Remove it.")
    return text


def _remark(encoding: str) -> MarkedEncoding | None:
    return None if encoding == "utf-8" else MarkedEncoding(encoding)


def _where(data: bytes, place: int, skipped: int = 0) -> str:
    return f"Byte {place + skipped + 1:,} of the file (line {_line(data, place):,})"


def _line(data: bytes, place: int) -> int:
    return data.count(10, 0, place) + 1


def _lines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
