"""What the administrator watches over: load, queue, visitors, storage; and what can be ended or thrown away."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.settings import LOCAL, Settings
from batchviz.store import Unfinished, Visitor
from batchviz.text.numbers import byte_size, count, expected_duration, quantity
from batchviz.ui import resources
from batchviz.ui.components import html, notices
from batchviz.ui.components.html import heading
from batchviz.ui.runs.columns import pseudonym

DAY = 24 * 3600.0
RETENTION_RULE = (
    "A run may go when it ended long ago, stands on no board and in no sweep or class, was not imported, and is in one "
    "library at most, without a name, note, tag or star there. It is hidden at once and gone for good a day later."
)


def draw_load() -> None:
    """How busy the machine is, and what is left of it."""
    store, settings = resources.store(), resources.settings()
    unfinished = store.census.unfinished()
    training = sum(run.started is not None for run in unfinished)
    facts = [
        f"Engine {store.processes.engine_state()}, {_where(settings)}",
        f"{quantity(training)} training, {quantity(len(unfinished) - training)} waiting",
        f"Database {byte_size(store.quotas.total_bytes())}",
        f"Files of open pages {byte_size(resources.uploads_bytes())} of {byte_size(resources.max_uploads_bytes())}",
    ]
    if hasattr(os, "getloadavg"):
        facts.append(f"Load {os.getloadavg()[0]:.1f} of {quantity(os.cpu_count() or 1)} cores")
    if store.database.sqlite:
        facts.append(f"{byte_size(shutil.disk_usage(store.database.path.parent).free)} of the disk free")
    st.text("\n".join(facts))


def _where(settings: Settings) -> str:
    return count(settings.workers, "worker") if settings.engine == LOCAL else f"cluster {settings.engine}"


def draw_queue() -> None:
    """What trains and waits, and a way to stop any of it."""
    unfinished = resources.store().census.unfinished()
    heading("Queue")
    if not unfinished:
        html.note("Nothing trains or waits.")
        return
    chosen = _table("admin_queue", list(map(_queue_row, unfinished)))
    ids = [unfinished[place].run_id for place in chosen]
    st.button(
        f"Stop {count(len(ids), 'run')}" if ids else "Stop the chosen runs",
        key="admin_stop", disabled=not ids, on_click=_stop, args=(ids,),
    )  # fmt: skip


def draw_visitors() -> None:
    """Who has how much, and a way to stop all that somebody has waiting."""
    visitors = resources.store().census.visitors()
    heading("Visitors")
    if not visitors:
        html.note("Nobody has any runs.")
        return
    chosen = _table("admin_visitors", list(map(_visitor_row, visitors)))
    owners = {visitors[place].owner for place in chosen}
    st.button(
        "Stop all runs of those chosen", key="admin_stop_visitors", disabled=not owners,
        on_click=_stop_visitors, args=(owners,),
    )  # fmt: skip


def draw_retention() -> None:
    """What may go."""
    heading("Old runs that nobody shares")
    html.note(RETENTION_RULE)
    days = st.number_input(
        "Ended more than so many days ago", min_value=1, max_value=3650, key="admin_days", value=90
    )
    runs, size = resources.store().census.unshared(time.time() - days * DAY)
    st.button(
        f"Delete {count(runs, 'run')}, {byte_size(size)}" if runs else "No such run",
        key="admin_delete", disabled=not runs, on_click=_delete, args=(days,),
    )  # fmt: skip


def _queue_row(run: Unfinished) -> dict[str, Any]:
    now = time.time()
    return {
        "Run": run.run_id,
        "Visitor": pseudonym(run.owner),
        "State": str(run.status) + (", of a sweep" if run.of_sweep else ""),
        "For": expected_duration(max(1.0, now - (run.started or run.created))),
        "Expected": expected_duration(run.expected_seconds) if run.expected_seconds else "",
    }


def _visitor_row(visitor: Visitor) -> dict[str, Any]:
    return {
        "Visitor": pseudonym(visitor.owner),
        "Training": visitor.training,
        "Waiting": visitor.waiting,
        "Runs": visitor.runs,
        "Recorded": byte_size(visitor.bytes),
        "Own data": byte_size(visitor.data_bytes),
        "Last asked": f"{expected_duration(max(1.0, time.time() - visitor.last))} ago",
    }


def _table(key: str, rows: list[dict[str, Any]]) -> Sequence[int]:
    """Draw a table in which rows can be chosen; the places of those that are."""
    state = st.dataframe(rows, key=key, hide_index=True, on_select="rerun", selection_mode="multi-row")
    return [place for place in state["selection"]["rows"] if place < len(rows)]


def _stop(run_ids: Sequence[str]) -> None:
    for run_id in run_ids:
        try:
            resources.store().queue.request_stop(run_id, None)
        except BatchVizError as error:
            notices.report(str(error))


def _stop_visitors(owners: set[str]) -> None:
    _stop([run.run_id for run in resources.store().census.unfinished() if run.owner in owners])


def _delete(days: int) -> None:
    try:
        deleted = resources.store().census.delete_unshared(time.time() - days * DAY)
    except BatchVizError as error:
        notices.report(str(error))
        return
    notices.mention(f"{count(deleted, 'run')} deleted.")
