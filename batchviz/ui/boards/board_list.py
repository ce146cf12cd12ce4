"""This visitor's boards, and the way back for one that was just deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.records import Board
from batchviz.ui import resources, session
from batchviz.ui.components import notices
from batchviz.ui.session_state import DELETED_BOARD
from batchviz.ui.url import COMPARE


def show() -> None:
    """Every board of this visitor's as a link, last changed first."""
    st.html('<h1 class="batchviz-name">Boards</h1>')
    _undo()
    boards = resources.store().boards.owned_by(session.visitor())
    if not boards:
        st.html(
            '<p class="batchviz-none">You have no boards yet. A board is a comparison that you saved under a name: it '
            "has a link of its own, and whoever has the link can read it.</p>"
        )
        if st.button("Compare runs", type="primary", key="board_compare"):
            st.switch_page(COMPARE)
        return
    items = "".join(f"<li>{_row(board)}</li>" for board in boards)
    st.html(f'<ul class="batchviz-boards" data-testid="boards">{items}</ul>')


def _row(board: Board) -> str:
    count = "1 run" if len(board.runs) == 1 else f"{len(board.runs)} runs"
    changed = datetime.fromtimestamp(board.changed, UTC)
    when = f'<time datetime="{changed.isoformat()}">{changed:%-d %B %Y}</time>'
    return (
        f'<a href="board?id={escape(board.id)}" target="_self"><strong>{escape(board.name)}</strong>'
        f"<span>{escape(board.text)}</span><small>{count}, changed {when}</small></a>"
    )


def _undo() -> None:
    """After a deletion, until the visitor has been on another page."""
    if session.first_run():
        DELETED_BOARD.delete()
    board = DELETED_BOARD.get()
    if board is None:
        return
    with st.container(key="board_undo", horizontal=True, vertical_alignment="center"):
        st.html(f'<p role="status">The board <strong>{escape(board.name)}</strong> is deleted.</p>')
        st.button("Undo", key="board_restore", on_click=_restore, args=(board,))


def _restore(board: Board) -> None:
    try:
        resources.store().boards.restore(session.visitor(), board.id)
    except BatchVizError as error:
        notices.report(str(error))
    else:
        DELETED_BOARD.delete()
        st.query_params["id"] = board.id
