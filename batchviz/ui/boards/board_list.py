"""This visitor's boards, and the way back for one that was just deleted."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from batchviz.experiment.library import Board
from batchviz.text.numbers import count
from batchviz.ui import resources, session
from batchviz.ui.components import buttons, html
from batchviz.ui.components.undo import Deletion
from batchviz.ui.session_state import DELETED_BOARD
from batchviz.ui.url import COMPARE


def draw_boards() -> None:
    """Every board of this visitor's as a link, last changed first."""
    html.page_name("Boards")
    DELETION.draw(_draw_deleted)
    boards = resources.store().boards.owned_by(session.visitor())
    if not boards:
        html.paragraph(
            "You have no boards yet. A board is a comparison that you saved under a name: it has a link of its own, "
            "and whoever has the link can read it.",
            "none",
        )
        if buttons.pressed("Compare runs", type="primary", key="board_compare"):
            buttons.go(COMPARE)
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


def _delete(board: Board) -> Board:
    resources.store().boards.delete(session.visitor(), board.id)
    st.query_params.clear()
    return board


def _restore(board: Board) -> None:
    resources.store().boards.restore(session.visitor(), board.id)
    st.query_params["id"] = board.id


def _draw_deleted(board: Board) -> None:
    html.draw("board_deleted.html", name=board.name)


DELETION = Deletion(DELETED_BOARD, _delete, _restore)
