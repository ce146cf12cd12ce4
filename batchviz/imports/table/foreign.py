"""Files that are no table, by their first bytes, and what to do instead."""

from __future__ import annotations

_SAVE = "Save it as CSV or Parquet, then upload that."
_UNPACK = "Unpack it, then upload what is in it."
_PICTURE = "a picture. Expected a table: CSV or Parquet."
_PAGE = "a web page, perhaps the one that leads to the download. Expected a table: CSV or Parquet."

_SIGNS = {
    b"PK\x03\x04": f"an Excel workbook (.xlsx) or another ZIP archive. {_SAVE}",
    b"PK\x05\x06": "an empty ZIP archive. Expected a table: CSV or Parquet.",
    b"\xd0\xcf\x11\xe0": f"an old Excel workbook (.xls). {_SAVE}",
    b"\x1f\x8b": f"packed with gzip. {_UNPACK}",
    b"BZh": f"packed with bzip2. {_UNPACK}",
    b"\xfd7zXZ": f"packed with xz. {_UNPACK}",
    b"\x28\xb5\x2f\xfd": f"packed with zstd. {_UNPACK}",
    b"7z\xbc\xaf": f"a 7-Zip archive. {_UNPACK}",
    b"Rar!": f"a RAR archive. {_UNPACK}",
    b"%PDF": f"a PDF. {_SAVE}",
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"\x89HDF": f"an HDF5 file. {_SAVE}",
    b"\x93NUMPY": f"a NumPy array. {_SAVE}",
    b"ARROW1": f"a Feather (Arrow) file. {_SAVE}",
    b"SQLite format 3": f"an SQLite database. {_SAVE}",
    b"PARE": "an encrypted Parquet file. Save it without encryption.",
    b'{"': f"JSON. {_SAVE}",
    b"[{": f"JSON. {_SAVE}",
    b"<!doctype": _PAGE,
    b"<html": _PAGE,
    b"<?xml": f"XML. {_SAVE}",
}


def foreign(data: bytes) -> str:
    """What the file is when it is none of ours, with what to do; empty when it may be a table."""
    start = data[:64].lstrip(b" \r\n\t\xef\xbb\xbf").lower()
    for sign, what in _SIGNS.items():
        if data.startswith(sign) or (sign[:1] in b"{[<" and start.startswith(sign)):
            return what
    return ""
