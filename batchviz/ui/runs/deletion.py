"""Deleting runs: at once and with undo, but asking first where a board shows one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import streamlit as st

from batchviz.errors import StoreError
from batchviz.experiment.records import Board
from batchviz.store import DeletedRun
from batchviz.text.numbers import listing
from batchviz.ui import resources, session
from batchviz.ui.components import notices
from batchviz.ui.runs import selection
from batchviz.ui.session_state import DELETED_RUNS, QUESTIONED_DELETION
from batchviz.ui.session_state import delete as delete_keys

MAX_NAMED = 5
MAX_CALLED = 3


def delete(owner: str | None, run_ids: Sequence[str]) -> None:
    """A click on Delete: deletes, or has `bar` ask."""
    try:
        store = resources.store()
        stay = set() if owner is None else store.deletion.kept_by_others(owner, run_ids)
        shown = store.boards.showing([run_id for run_id in run_ids if run_id not in stay])
    except StoreError as error:
        notices.report(str(error))
        return
    if shown:
        boards = {board.id: board for showing in shown.values() for board in showing}
        QUESTIONED_DELETION.set((list(run_ids), len(shown), list(boards.values())))
    else:
        _delete(owner, run_ids)


def bar(owner: str | None, visitor: str) -> None:
    """The question, or what was deleted and the way back."""
    if asked := QUESTIONED_DELETION.get():
        _question(owner, visitor, *asked)
    elif gone := DELETED_RUNS.get():
        with st.container(key="runs_deleted", horizontal=True, vertical_alignment="center"):
            st.text(f"{_count(len(gone))} deleted. Undo it now, or for a day under Recently deleted.")
            st.button("Undo", key="runs_undo", on_click=_undo, args=(owner, gone))
            st.button("Close", key="runs_undo_close", type="tertiary", on_click=_forget)


def recent(owner: str | None) -> None:
    """What was deleted within a day, one deletion a row, each with the way back; nothing while there is nothing."""
    deleted = resources.store().deletion.restorable(owner)
    if not deleted:
        return
    with st.popover("Recently deleted"), st.container(key="runs_recent"):
        for at, together in groupby(deleted, lambda one: one.at):
            runs = list(together)
            with st.container(horizontal=True, vertical_alignment="center"):
                when = datetime.fromtimestamp(at, session.time_zone())
                st.text(
                    f"{when:%H:%M}: {_count(len(runs))} ({listing(list(map(_called, runs)), MAX_CALLED)})"
                )
                st.button(
                    "Bring back",
                    key=f"runs_back_{at}",
                    on_click=_undo,
                    args=(owner, [one.run_id for one in runs]),
                )


def _called(run: DeletedRun) -> str:
    return run.name or f"B = {run.batch_size}"


def _question(
    owner: str | None, visitor: str, run_ids: Sequence[str], count: int, boards: Sequence[Board]
) -> None:
    with st.container(key="runs_asked", border=True):
        st.text(
            f"{_count(count)} of the {len(run_ids):,} to delete {'is' if count == 1 else 'are'} shown on "
            f"{_named(boards, owner, visitor)}. There, {'it' if count == 1 else 'they'} would be missing."
        )
        with st.container(horizontal=True):
            st.button(
                "Delete all the same", key="runs_delete_anyway", on_click=_delete, args=(owner, run_ids)
            )
            st.button("Keep", key="runs_delete_not", type="primary", on_click=_forget)


def _named(boards: Sequence[Board], owner: str | None, visitor: str) -> str:
    """The boards by name; those of others are counted only, because their names are not ours to show."""
    own = [board for board in boards if owner is None or board.owner == visitor]
    parts = [f"the board “{board.name}”" for board in own[:MAX_NAMED]]
    rest = len(boards) - len(parts)
    if rest:
        parts.append(
            f"{rest} {'board' if rest == 1 else 'boards'} {'more' if parts else 'of other visitors'}"
        )
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _delete(owner: str | None, run_ids: Sequence[str]) -> None:
    """Delete them, and tell of it first: Streamlit ends a callback at its next look at the session as soon as the
    browser has sent something else, so what follows the store's work may never be written.
    """
    _forget()
    selection.clear(run_ids)
    DELETED_RUNS.set(list(run_ids))
    try:
        gone = resources.store().deletion.delete(owner, run_ids)
    except StoreError as error:
        _forget()
        notices.report(str(error))
    else:
        DELETED_RUNS.set(gone)


def _undo(owner: str | None, run_ids: Sequence[str]) -> None:
    try:
        resources.store().deletion.restore(owner, run_ids)
    except StoreError as error:
        notices.report(str(error))
        return
    _forget()


def _forget() -> None:
    delete_keys((QUESTIONED_DELETION, DELETED_RUNS))


def _count(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs:,} runs"
