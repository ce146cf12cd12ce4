"""A recorded run as a page that plays alone holds it, and what such a page is made of."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from batchviz.analysis.downsampling import Bins, DownsampledSeries, stride_for
from batchviz.analysis.limits import MAX_BINS, MAX_EPOCH_ROWS
from batchviz.analysis.pace import Clocks
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.environment import __version__
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import SERIES, Measurements, Series
from batchviz.exporters.selection import Selection
from batchviz.figures.appearance import Look
from batchviz.frontend import player
from batchviz.frontend.payload import RecordedRun, UpdateRows, about, clocks, epoch_rows, means
from batchviz.frontend.templates import Markup, render
from batchviz.text.playground import describe

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""What the page may do: nothing is fetched, and nothing is sent."""


def measurements(selection: Selection, run_id: str, most: int = MAX_EPOCH_ROWS) -> DownsampledSeries:
    """Every measurement of a run, at most so many rows, read piece by piece."""
    downsampled = DownsampledSeries(SERIES["epochs"].names, most=most)
    inside, none = selection.whole(run_id, "measured"), SERIES["measured"].empty()
    merging = Measurements()
    for _, series in selection.pieces(run_id, "epochs"):
        downsampled.extend(merging.add(series, inside, complete=False), last=False)
        inside = none
    downsampled.extend(merging.add(SERIES["epochs"].empty(), inside), last=True)
    return downsampled


def updates(selection: Selection, run: Run, most: int = MAX_BINS) -> Bins:
    """Every update of a run, at most so many buckets of them."""
    bins = Bins(stride_for(run.progress.updates, most))
    for _, series in selection.pieces(run.id, "updates"):
        bins.extend(series, last=False)
    bins.extend(SERIES["updates"].empty(), last=True)
    return bins


def message(entry: LibraryEntry, look: Look, epochs: DownsampledSeries, updates: UpdateRows) -> RecordedRun:
    """What the chart is told of a run that it will never hear of again."""
    run = _over(entry.run)
    header = about(run, look)
    if entry.name:
        header["details"] = f"{entry.name} · {header['details']}"
    return {**header, "attempt": run.attempt, "epochs": epoch_rows(epochs), "updates": updates}


def element(id: str, value: Any, run_id: str = "") -> bytes:
    """An element that holds JSON. Without any `<` it cannot end early, nor start another."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return (render("player_data.html", id=id, run=run_id, json=Markup(text)) + "\n").encode()


def about_all(selection: Selection, runs: Sequence[Run], epochs: Mapping[str, Series]) -> Iterator[bytes]:
    """What is told of all runs together: their clocks, the sentence, and the note on their means."""
    on = [Clocks(path, selection.clocks(path)) for path in ClockPath]
    yield element("batchviz-clocks", clocks(runs, on))
    yield element("batchviz-sentence", describe(runs, epochs).sentence)
    yield element("batchviz-means", means(runs)["note"])


def file(template: str, *, styles: str, policy: str = POLICY, **values: object) -> str:
    """A template that begins with `file_head.html`: a page that holds its font and its styles and asks for nothing."""
    font = as_base64(player.font())
    return render(template, version=__version__, policy=policy, font=font, styles=Markup(styles), **values)


def as_base64(content: bytes) -> str:
    """Bytes as text that stands in a page."""
    return base64.b64encode(content).decode()


def _over(run: Run) -> Run:
    """In a file nothing goes on: a run that was still training ends where it stood."""
    if run.status.final:
        return run
    return replace(run, status=Status.STOPPED, reason="It was still training when this file was made.")
