"""Deleting runs: at once and with undo, but asking first where a board shows one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import streamlit as st

from batchviz.errors import StoreError
from batchviz.experiment.library import Board
from batchviz.text.numbers import count, form, listing, quantity
from batchviz.ui import resources, session
from batchviz.ui.components import notices
from batchviz.ui.components.undo import Deletion
from batchviz.ui.limits import MAX_BOARDS_NAMED, MAX_RUNS_NAMED
from batchviz.ui.runs import selection
from batchviz.ui.session_state import DELETED_RUNS, QUESTIONED_DELETION


def delete(owner: str | None, run_ids: Sequence[str]) -> None:
    """A click on Delete: deletes, or has `draw_bar` ask."""
    try:
        store = resources.store()
        stay = set() if owner is None else store.deletion.kept_by_others(owner, run_ids)
        boards_of = store.boards.showing([run_id for run_id in run_ids if run_id not in stay])
    except StoreError as error:
        notices.report(str(error))
        return
    if boards_of:
        boards = {board.id: board for showing in boards_of.values() for board in showing}
        QUESTIONED_DELETION.set((list(run_ids), len(boards_of), list(boards.values())))
    else:
        _delete(owner, run_ids)


def draw_bar(owner: str | None, visitor: str) -> None:
    """The question, or what was deleted and the way back."""
    if question := QUESTIONED_DELETION.get():
        _draw_question(owner, visitor, *question)
    else:
        _deletion(owner).draw(_draw_deleted)


def _draw_deleted(run_ids: Sequence[str]) -> None:
    st.text(f"{count(len(run_ids), 'run')} deleted. Undo it now, or for a day under Recently deleted.")


def draw_recent(owner: str | None) -> None:
    """What was deleted within a day, one deletion a row, each with the way back; nothing while there is nothing."""
    deleted = resources.store().deletion.restorable(owner)
    if not deleted:
        return
    with st.popover("Recently deleted"), st.container(key="runs_recent"):
        for at, of_one_deletion in groupby(deleted, lambda run: run.at):
            runs = list(of_one_deletion)
            with st.container(horizontal=True, vertical_alignment="center"):
                when = datetime.fromtimestamp(at, session.time_zone())
                names = listing([run.name or f"B = {run.batch_size}" for run in runs], MAX_RUNS_NAMED)
                st.text(f"{when:%H:%M}: {count(len(runs), 'run')} ({names})")
                st.button(
                    "Bring back",
                    key=f"runs_back_{at}",
                    on_click=_deletion(owner).undo,
                    args=([run.run_id for run in runs],),
                )


def _draw_question(
    owner: str | None, visitor: str, run_ids: Sequence[str], on_boards: int, boards: Sequence[Board]
) -> None:
    with st.container(key="runs_asked", border=True):
        st.text(
            f"{count(on_boards, 'run')} of the {quantity(len(run_ids))} to delete {form(on_boards, 'is', 'are')} shown "
            f"on {_names(boards, owner, visitor)}. There, {form(on_boards, 'it', 'they')} would be missing."
        )
        with st.container(horizontal=True):
            st.button(
                "Delete all the same", key="runs_delete_anyway", on_click=_delete, args=(owner, run_ids)
            )
            st.button("Keep", key="runs_delete_not", type="primary", on_click=QUESTIONED_DELETION.delete)


def _names(boards: Sequence[Board], owner: str | None, visitor: str) -> str:
    """The boards by name; those of others are counted only, because their names are not ours to show."""
    nameable = [board for board in boards if owner is None or board.owner == visitor]
    parts = [f"the board “{board.name}”" for board in nameable[:MAX_BOARDS_NAMED]]
    rest = len(boards) - len(parts)
    if rest:
        parts.append(f"{count(rest, 'board')} {'more' if parts else 'of other visitors'}")
    return listing(parts)


def _delete(owner: str | None, run_ids: Sequence[str]) -> None:
    QUESTIONED_DELETION.delete()
    selection.clear(run_ids)
    _deletion(owner).carry_out(list(run_ids))


def _deletion(owner: str | None) -> Deletion[Sequence[str]]:
    """Of this visitor's runs; without an owner, of anybody's."""
    return Deletion(
        DELETED_RUNS,
        delete=lambda run_ids: resources.store().deletion.delete(owner, run_ids),
        restore=lambda run_ids: resources.store().deletion.restore(owner, run_ids),
        stays=True,
    )
