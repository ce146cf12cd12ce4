"""This visitor's boards, and the way back for one that was just deleted."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.records import Board
from batchviz.text.numbers import count
from batchviz.ui import resources, session
from batchviz.ui.components import html, notices
from batchviz.ui.session_state import DELETED_BOARD
from batchviz.ui.url import COMPARE


def show() -> None:
    """Every board of this visitor's as a link, last changed first."""
    html.page_name("Boards")
    _undo()
    boards = resources.store().boards.owned_by(session.visitor())
    if not boards:
        html.paragraph(
            "You have no boards yet. A board is a comparison that you saved under a name: it has a link of its own, "
            "and whoever has the link can read it.",
            "none",
        )
        if st.button("Compare runs", type="primary", key="board_compare"):
            st.switch_page(COMPARE)
        return
    html.draw("board_list.html", boards=[_row(board) for board in boards])


def _row(board: Board) -> dict[str, object]:
    return {
        "id": board.id,
        "name": board.name,
        "text": board.text,
        "runs": count(len(board.runs), "run"),
        "changed": datetime.fromtimestamp(board.changed, UTC),
    }


def _undo() -> None:
    """After a deletion, until the visitor has been on another page."""
    if session.first_run():
        DELETED_BOARD.delete()
    board = DELETED_BOARD.get()
    if board is None:
        return
    with st.container(key="board_undo", horizontal=True, vertical_alignment="center"):
        html.draw("board_deleted.html", name=board.name)
        st.button("Undo", key="board_restore", on_click=_restore, args=(board,))


def _restore(board: Board) -> None:
    try:
        resources.store().boards.restore(session.visitor(), board.id)
    except BatchVizError as error:
        notices.report(str(error))
    else:
        DELETED_BOARD.delete()
        st.query_params["id"] = board.id
