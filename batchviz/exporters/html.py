"""Any selection as one HTML file that plays back alone: no server, no network, opened from a disk.

It is the live chart itself, built from the same files (frontend/player.py). The page's policy forbids every
connection. Texts of users reach it as JSON in which no `<` is left, or escaped, and the chart writes them as text.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from batchviz import __version__
from batchviz.analysis.downsampling import Bins, DownsampledSeries, stride_for
from batchviz.analysis.pace import Clocks
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import SERIES, Measurements, Series
from batchviz.exporters.selection import Selection
from batchviz.figures.appearance import Look, looks
from batchviz.frontend import player, plotly_js
from batchviz.frontend.payload import RecordedRun, about, clocks, epoch_rows, means, update_rows
from batchviz.frontend.templates import Markup, render
from batchviz.text.numbers import count, form
from batchviz.text.playground import describe

NAMED = 4
"""Runs that the title names."""
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; font-src data:; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)


def html(selection: Selection) -> Iterator[bytes]:
    """The page, one run after the other."""
    runs = [entry.run for entry in selection.entries]
    look = looks(runs)
    yield _head(selection, look).encode()
    epochs: dict[str, Series] = {}
    for entry in selection.entries:
        downsampled = DownsampledSeries(SERIES["epochs"].names)
        inside, none = selection.whole(entry.run.id, "measured"), SERIES["measured"].empty()
        measurements = Measurements()
        for _, series in selection.pieces(entry.run.id, "epochs"):
            downsampled.extend(measurements.add(series, inside, complete=False), last=False)
            inside = none
        downsampled.extend(measurements.add(SERIES["epochs"].empty(), inside), last=True)
        epochs[entry.run.id] = downsampled.rows
        run_id = entry.run.id
        yield _data(f"batchviz-run-{run_id}", _message(selection, entry, look[run_id], downsampled), run_id)
    on = [Clocks(path, selection.clocks(path)) for path in ClockPath]
    yield _data("batchviz-clocks", clocks(runs, on))
    yield _data("batchviz-sentence", describe(runs, epochs).sentence)
    yield _data("batchviz-means", means(runs)["note"])
    yield f'<script type="module">{player.start()}</script>\n</body>\n</html>\n'.encode()


def _head(selection: Selection, look: Mapping[str, Look]) -> str:
    return render(
        "player.html",
        version=__version__,
        policy=POLICY,
        title=_title(selection, look),
        subtitle=_subtitle(selection),
        font=_base64(player.font()),
        styles=Markup(player.styles()),
        modules=Markup(player.import_map()),
        plotly=_base64(plotly_js.compressed()),
    )


def _title(selection: Selection, look: Mapping[str, Look]) -> str:
    names = list(dict.fromkeys(entry.name or look[entry.run.id].label for entry in selection.entries))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _subtitle(selection: Selection) -> str:
    runs = len(selection.entries)
    return f"BatchViz: {count(runs, 'run')}, played back{form(runs, '', ' side by side')}."


def _message(selection: Selection, entry: LibraryEntry, look: Look, epochs: DownsampledSeries) -> RecordedRun:
    """What the chart is told of a run that it will never hear of again."""
    run = _over(entry.run)
    bins = Bins(stride_for(run.progress.updates))
    for _, series in selection.pieces(run.id, "updates"):
        bins.extend(series, last=False)
    bins.extend(SERIES["updates"].empty(), last=True)
    header = about(run, look)
    if entry.name:
        header["details"] = f"{entry.name} · {header['details']}"
    return {
        **header,
        "attempt": run.attempt,
        "epochs": epoch_rows(epochs),
        "updates": update_rows(bins),
    }


def _over(run: Run) -> Run:
    """In a file nothing goes on: a run that was still training ends where it stood."""
    if run.status.final:
        return run
    return replace(run, status=Status.STOPPED, reason="It was still training when this file was made.")


def _data(id: str, value: Any, run_id: str = "") -> bytes:
    """An element that holds JSON. Without any `<` it cannot end early, nor start another."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return (render("player_data.html", id=id, run=run_id, json=Markup(text)) + "\n").encode()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
