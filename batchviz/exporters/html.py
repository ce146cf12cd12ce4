"""Any selection as one HTML file that plays back alone: no server, no network, opened from a disk.

It is the live chart itself, built from the same files (frontend/player.py). The page's policy forbids every
connection. Texts of users reach it as JSON in which no `<` is left, or escaped, and the chart writes them as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from batchviz.experiment.series import Series
from batchviz.exporters import playback
from batchviz.exporters.selection import Selection
from batchviz.figures.appearance import Look, looks
from batchviz.frontend import player, plotly_js
from batchviz.frontend.payload import update_rows
from batchviz.text.numbers import count, form

NAMED = 4
"""Runs that the title names."""


def html(selection: Selection) -> Iterator[bytes]:
    """The page, one run after the other."""
    runs = [entry.run for entry in selection.entries]
    look = looks(runs)
    yield _head(selection, look).encode()
    epochs: dict[str, Series] = {}
    for entry in selection.entries:
        run = entry.run
        measured = playback.measurements(selection, run.id)
        epochs[run.id] = measured.rows
        updates = update_rows(playback.updates(selection, run))
        message = playback.message(entry, look[run.id], measured, updates)
        yield playback.element(f"batchviz-run-{run.id}", message, run.id)
    yield from playback.about_all(selection, runs, epochs)
    yield f'<script type="module">{player.script()}</script>\n</body>\n</html>\n'.encode()


def _head(selection: Selection, look: Mapping[str, Look]) -> str:
    return playback.file(
        "player.html",
        styles=player.styles(),
        title=_title(selection, look),
        subtitle=_subtitle(selection),
        plotly=playback.as_base64(plotly_js.compressed()),
    )


def _title(selection: Selection, look: Mapping[str, Look]) -> str:
    names = list(dict.fromkeys(entry.name or look[entry.run.id].label for entry in selection.entries))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _subtitle(selection: Selection) -> str:
    runs = len(selection.entries)
    return f"BatchViz: {count(runs, 'run')}, played back{form(runs, '', ' side by side')}."
