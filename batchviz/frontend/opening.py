"""The first screen as HTML: the recorded race, its words, and its curves for src/opening, which plays them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from batchviz.analysis.differences import label
from batchviz.experiment.presets import OPENING, Preset
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series
from batchviz.figures.appearance import looks
from batchviz.frontend.assets import FIRST, PATH, text
from batchviz.frontend.payload import numbers
from batchviz.frontend.templates import Markup, render
from batchviz.frontend.track import TrackLine, TrackRace
from batchviz.text import opening as words

STYLES = ("css/tokens.css", "css/track.css", "css/opening.css")
TICKS = (0, 0.25, 0.5, 0.75, 1)
Recorded = Sequence[tuple[Run, Series]]
"""Runs and their measurements, in the columns of SERIES["epochs"]."""


def head(*, playing: bool) -> str:
    """For the page's head: the styles, and the script of a screen that is shown at once."""
    styles = f"<style>{''.join(text(name) for name in STYLES)}</style>"
    return f'{styles}<link rel="modulepreload" href="{PATH}{FIRST}">' if playing else styles


def body(section: str, start_mode: str) -> str:
    """For the page's body: the screen, and behind it, because it looks for the screen at once, what plays it."""
    return render("opening_place.html", section=Markup(section), shown=start_mode, start=f"{PATH}{FIRST}")


def section(
    recorded: Recorded, note: str, presets: Mapping[str, Preset], links: Mapping[str, Mapping[str, str]]
) -> str:
    """The screen itself. `links` holds the parameters of each preset's link."""
    runs = [run for run, _ in recorded]
    return render(
        "opening.html",
        sentence=words.sentence(runs),
        question=words.QUESTION,
        race=words.RACE,
        others=words.OTHERS,
        lessons=words.LESSONS,
        heading=words.heading(runs[0].plan),
        described=words.described(runs),
        note=note,
        opening=OPENING,
        presets=[
            (name, preset, urlencode(links[name], safe=",", quote_via=quote))
            for name, preset in presets.items()
            if name != OPENING
        ],
        json=Markup(
            json.dumps(curves(recorded), separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
        ),
    )


def curves(recorded: Recorded) -> TrackRace:
    """What moves."""
    look = looks([run for run, _ in recorded])
    return {
        "unit": "epoch",
        "end": max(run.progress.epochs for run, _ in recorded),
        "ticks": TICKS,
        "shares": True,
        "lines": [_line(run, rows, look[run.id].color) for run, rows in recorded],
    }


def _line(run: Run, rows: Series, color: dict[str, str]) -> TrackLine:
    return {
        "label": label(run.spec),
        "color": color,
        "updates": [int(made) for made in rows["updates"].tolist()],
        "x": [round(examples / run.plan.training_rows, 5) for examples in rows["examples"].tolist()],
        "y": numbers(rows["val_metric"], whole=False),
    }
