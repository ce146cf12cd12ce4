"""This visitor's sweeps."""

from __future__ import annotations

from datetime import datetime

from batchviz.text import sweep_page as words
from batchviz.ui import resources, session
from batchviz.ui.components import html


def draw_sweeps() -> None:
    """Each as a link, newest first; nothing while there is none."""
    sweeps = resources.store().sweeps.list(session.visitor())
    if not sweeps:
        return
    zone = session.time_zone()
    html.heading("Your sweeps", style="section")
    html.draw(
        "sweep_list.html",
        sweeps=[
            {
                "id": sweep.id,
                "name": words.name(sweep.spec),
                "extent": f"{sweep.spec.count_runs():,} runs, {words.budget(sweep.spec)} each",
                "state": sweep.state,
                "created": datetime.fromtimestamp(sweep.created, zone),
            }
            for sweep in sweeps
        ],
    )
