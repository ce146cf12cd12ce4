"""Files that commands write: refused before anything is trained where they cannot be, and never there in part."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from batchviz.errors import BatchVizError


class ExportError(BatchVizError):
    """What was asked for cannot be exported; the text says what was expected."""


def check_folder(flag: str, path: str, error: type[BatchVizError] = ExportError) -> None:
    """Raises `error` where the folder of a file does not exist: said before minutes of training, not after."""
    if not Path(path).resolve().parent.is_dir():
        raise error(f"{flag}: the folder of {path} does not exist. Make it, or name another file.")


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """The file appears whole or not at all. Raises ExportError."""
    begun = path.with_name(f"{path.name}.part")
    try:
        with begun.open("wb") as file:
            file.writelines(parts)
        os.replace(begun, path)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        begun.unlink(missing_ok=True)
