"""plotly.js, the drawing library, as it comes with the installed Plotly."""

from __future__ import annotations

import functools
import gzip
from importlib.metadata import version
from pathlib import Path


def plain() -> bytes:
    """The script."""
    import plotly

    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


@functools.cache
def compressed() -> bytes:
    """The script, gzipped: a third of it. Compressed once for the process."""
    return gzip.compress(plain(), compresslevel=6, mtime=0)


def release() -> str:
    """Which Plotly it is."""
    return version("plotly")
