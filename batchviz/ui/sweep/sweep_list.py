"""This visitor's sweeps, and the way back for one that was just deleted."""

from __future__ import annotations

from datetime import datetime

from batchviz.store.sweeps import Sweep
from batchviz.text import sweep_page as words
from batchviz.ui import resources, session
from batchviz.ui.components import html
from batchviz.ui.components.undo import Deletion
from batchviz.ui.session_state import DELETED_SWEEP
from batchviz.ui.sweep import state


def draw_sweeps() -> None:
    """Each as a link, newest first; nothing while there is none."""
    DELETION.draw(_draw_deleted)
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


def _delete(sweep: Sweep) -> Sweep:
    resources.store().sweeps.delete(sweep.id, session.visitor())
    state.close()
    return sweep


def _restore(sweep: Sweep) -> None:
    resources.store().sweeps.restore(sweep.id, session.visitor())
    state.open_sweep(sweep.id)


def _draw_deleted(sweep: Sweep) -> None:
    html.draw("sweep_deleted.html", name=words.name(sweep.spec))


DELETION = Deletion(DELETED_SWEEP, _delete, _restore)
