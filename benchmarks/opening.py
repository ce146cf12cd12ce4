"""The first visit of all: from the address to the first motion and to a Playground that hears a press, beside the time
in which a bare Streamlit app shows its chart.
"""

from __future__ import annotations

import os
import shutil

from benchmarks.bare import bare
from benchmarks.row import Row
from benchmarks.server import running
from benchmarks.untouched import untouched

NAMES = ("first visit, address to first motion", "first visit, address to Playground ready")
SECONDS = 12.0
"""A page is left alone for so long."""


def rows(repeats: int) -> list[Row]:
    """Two rows, a browser of its own a sample, ours and the bare app's turn about; skipped without a browser."""
    browser = os.environ.get("BATCHVIZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return [Row.skip(name, "Chromium is needed; make test installs it") for name in NAMES]
    moved, ready, peer = [], [], []
    with running() as server, bare() as other:
        for sample in range(repeats + 1):  # the first finds servers that have served nobody
            with untouched(browser, 1280, 900) as stranger, stranger.page(server.url, SECONDS) as page:
                dataset = page.evaluate("{...document.querySelector('.batchviz-opening').dataset}")
            with untouched(browser, 1280, 900) as stranger, stranger.page(other, SECONDS) as page:
                drawn = page.evaluate("bare.drawn[0]")
            if sample:
                moved.append(float(dataset["firstMotion"]))
                ready.append(float(dataset["ready"]))
                peer.append(float(drawn))
    note = "peer: a bare Streamlit app with one st.plotly_chart, to its chart; a browser of its own a sample"
    return [
        Row(NAMES[0], moved, peer, "ms", "within", 1.0, note),
        Row(NAMES[1], ready, peer, "ms", "within", 1.3, note),
    ]
