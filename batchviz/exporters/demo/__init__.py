"""Recorded runs as one HTML file to choose among: the live chart, sliders over what was recorded, and the findings.

It opens from a disk, without a server or a network. Nothing in it is computed anew: choices.py says what can be
chosen, document.py holds the runs and what was found on each choice when the file was written, and src/demo shows it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from batchviz.errors import BatchVizError
from batchviz.experiment.records import Run, Source
from batchviz.exporters import playback
from batchviz.exporters.demo.document import Document, document, updates, with_updates
from batchviz.exporters.limits import MAX_DEMO_BYTES
from batchviz.exporters.selection import Selection
from batchviz.frontend import player, plotly_js
from batchviz.frontend.qr import qr_code
from batchviz.frontend.templates import Markup
from batchviz.text import demo as words
from batchviz.text.numbers import number

BUCKETS = (2048, 1024, 512, 256, 128, 64)
"""Of updates a run, tried in turn until the file is small enough: two a pixel are plenty."""
POLICY = f"{playback.POLICY}; connect-src 'none'"


class Frame(NamedTuple):
    """What its author adds: a title and a text above the chart, a link below it, and how it was made."""

    title: str = ""
    text: str = ""
    link: str = ""
    command: str = ""
    """That writes it again."""


NO_FRAME = Frame()


def demo(selection: Selection, frame: Frame = NO_FRAME) -> Iterator[bytes]:
    """The file. Raises BatchVizError where it would be too large, before the first piece."""
    content = document(selection)
    runs = [entry.run for entry in selection.entries]
    versions = selection.fingerprints()
    told_themselves = [e.note for e in selection.entries if e.run.source is Source.ARCHIVE or not versions]
    recorded = words.recorded(runs, versions, [note for note in dict.fromkeys(told_themselves) if note])
    for buckets in BUCKETS:
        page = _page(runs, with_updates(content, updates(selection, buckets)), recorded, frame)
        if len(page) <= MAX_DEMO_BYTES:
            yield page
            return
    raise BatchVizError(
        f"The file would have {number(len(page) / 1e6)} MB; expected at most {number(MAX_DEMO_BYTES / 1e6)}. "
        "Leave out batch sizes, learning rates, seeds or data sets."
    )


def _page(runs: Sequence[Run], content: Document, recorded: str, frame: Frame) -> bytes:
    setups = content["setups"]
    return playback.file(
        "demo.html",
        styles=player.styles(player.DEMO),
        policy=POLICY,
        title=frame.title or words.title(setups),
        subtitle=words.subtitle(runs, setups),
        text=frame.text,
        link=frame.link,
        qr=Markup(qr_code(frame.link, scalable=True)) if frame.link else "",
        command=frame.command,
        recorded=f"{recorded} {words.UPDATES_OF_FIRST}",
        headline=content["choices"][content["first"]]["findings"][0]["headline"],
        script=Markup(player.script(player.DEMO)),
        plotly=playback.as_base64(plotly_js.compressed()),
        data=playback.as_base64(_packed(content)),
    ).encode()


def _packed(content: Document) -> bytes:
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)
