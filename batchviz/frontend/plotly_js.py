"""plotly.js, the drawing library: its basic bundle as published, with lines, bars and pies. We draw lines.

    bundle                              raw          gzip -6    fetched and ready    of that the script itself
    full (Python's plotly package)      4,815,814    1,472,154  1,398 ms             1,138 ms
    basic                               1,191,749      396,221    217 ms               135 ms
    basic, in brackets: what is served  1,191,751      396,221    176 ms                84 ms

Bytes, and medians of 8 in headless Chromium over loopback, two cores; plotly.js 4.1.1, 2026-11-28.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
from pathlib import Path

VENDORED = Path(__file__).parent / "vendor" / "plotly-basic.min.js"
SEEN_IN = "4.1.1"
"""The version of plotly.js that what follows was last seen in. It is no public part of it."""
DRAG_LAYER = "nsewdrag"
"""Class of the element that takes a finger or the mouse over the curves: css/chart.css lets a finger scroll there."""
FACTORY = (b'typeof self !== "undefined" ? self : this, () => {', b"return Plotly;\n}));")
"""How the function that holds the whole library begins, and how it ends."""


def plain() -> bytes:
    """The script.

    The function in it stands in parentheses, which tells browsers that it will be called at once: they compile it
    while it arrives, not a second time when it runs.
    """
    script = VENDORED.read_bytes()
    begin, end = FACTORY
    if script.count(begin) != 1 or not script.rstrip().endswith(end):
        return script  # of another make; only slower
    script = script.replace(begin, begin.replace(b"() =>", b"(() =>"))
    return script.rstrip().removesuffix(end) + end.replace(b"}))", b"})))")


@functools.cache
def compressed() -> bytes:
    """The script, gzipped: a third of it. Compressed once for the process."""
    return gzip.compress(plain(), compresslevel=6, mtime=0)


@functools.cache
def digest() -> str:
    """Another one for another script."""
    return hashlib.sha256(plain()).hexdigest()[:12]
