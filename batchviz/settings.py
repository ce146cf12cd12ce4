"""The only reader of the environment. Every knob of an installation is a field, `BATCHVIZ_<NAME>` outside."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from batchviz.errors import BatchVizError

MIN_TOKEN_LENGTH = 12


@dataclass(frozen=True)
class Settings:
    """One installation's settings. Relative paths are taken from the working directory."""

    data_dir: Path
    database_url: str
    workers: int
    start_method: str
    admin_token: str = field(default="", repr=False)
    """Who enters it on the Runs page sees and deletes everybody's runs; empty: nobody can."""
    mlflow_uri: str = field(default="", repr=False)
    """An MLflow server, perhaps with a password, that visitors may log runs to; empty: the menu offers none."""

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the settings; a value that cannot be used raises BatchVizError naming what was expected."""
        data_dir = Path(os.environ.get("BATCHVIZ_DATA_DIR", "data")).expanduser().resolve()
        default_method = "forkserver" if sys.platform == "linux" else "spawn"
        start_method = os.environ.get("BATCHVIZ_START_METHOD", default_method)
        if start_method not in ("forkserver", "spawn"):
            raise BatchVizError(
                f"BATCHVIZ_START_METHOD is {start_method!r}; expected 'forkserver' (Linux, macOS) or 'spawn'."
            )
        return cls(
            data_dir=data_dir,
            database_url=os.environ.get("BATCHVIZ_DATABASE_URL", f"sqlite:///{data_dir / 'batchviz.db'}"),
            workers=_whole_number(
                "BATCHVIZ_WORKERS", default=max(1, min(4, os.cpu_count() or 1)), low=1, high=64
            ),
            start_method=start_method,
            admin_token=_token("BATCHVIZ_ADMIN_TOKEN"),
            mlflow_uri=os.environ.get("BATCHVIZ_MLFLOW_URI", ""),
        )


def _token(name: str) -> str:
    text = os.environ.get(name, "")
    if text and len(text) < MIN_TOKEN_LENGTH:
        raise BatchVizError(f"{name} has {len(text)} characters; expected at least {MIN_TOKEN_LENGTH}.")
    return text


def _whole_number(name: str, *, default: int, low: int, high: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise BatchVizError(f"{name} is {text!r}; expected a whole number from {low} to {high}.")
    return int(text)
