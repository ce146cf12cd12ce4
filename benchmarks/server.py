"""The application on a free port of the loopback, with a data folder that is thrown away."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.server import Server, warm_server


@contextlib.contextmanager
def running(**environment: str) -> Iterator[Server]:
    """Start it with these settings, wait until its engine is ready, stop it."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        warm_server(Path(folder), **environment) as server,
    ):
        yield server
