"""What stands around a board's comparison: what its author wrote, what can be done with it, what is missing, and the
way back to how it was saved.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from batchviz.errors import BatchVizError
from batchviz.experiment.library import Board
from batchviz.text import hints
from batchviz.ui import session
from batchviz.ui.boards import board_list, board_state, dialogs
from batchviz.ui.compare import state
from batchviz.ui.compare.data import Fetched
from batchviz.ui.compare.results import Page
from batchviz.ui.components import buttons, html, notices, share
from batchviz.ui.components.dialogs import is_open
from batchviz.ui.components.export_menu import export_menu
from batchviz.ui.session_state import SAVED_BOARD


def draw_header(board: Board) -> None:
    """Name, text and buttons; those that change the board are its author's."""
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name(board.name, testid="board-name")
        if board.owner == session.visitor():
            if is_open(
                "rename", pressed=buttons.pressed("Rename", key="board_rename", on_press=SAVED_BOARD.delete)
            ):
                dialogs.rename_board(board)
            st.button("Delete", key="board_delete", on_click=board_list.DELETION.carry_out, args=(board,))
        export_menu(board.runs, key="export")
        pressed = buttons.pressed("Share", key="share", help=hints.SHARE)
        if is_open("share", pressed=pressed):
            share.page("board", board_state.parameters(board), board.name, height=dialogs.HEIGHT)
    if board.text:
        html.draw("board_text.html", text=board.text)


class BoardPage(Page):
    """A reader may draw a board differently; that changes the address, never the board."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.names = board.names
        self.place: DeltaGenerator | None = None

    def above(self, fetched: Fetched) -> None:
        """Say which of its runs are gone, and leave room for `below`."""
        if fetched.runs and fetched.missing:
            st.info(missing_runs(len(fetched.missing), len(self.board.runs)))
        self.place = st.container()

    def nothing(self) -> None:
        """All of its runs are gone."""
        st.info("All runs of this board were deleted by their authors, so there is nothing left to compare.")

    def below(self) -> None:
        """Where the view is not as saved: the way back, and for its author the way to keep it."""
        if self.place is not None and state.view() != board_state.saved_view(self.board):
            with self.place.container(key="board_changed", horizontal=True, vertical_alignment="center"):
                html.note("You draw this board differently from how it was saved.")
                st.button("As saved", key="board_reset", on_click=self._reset)
                if self.board.owner == session.visitor():
                    st.button("Save this view", key="board_update", on_click=self._update)
        board_state.write_address(self.board)

    def _reset(self) -> None:
        state.compare_runs(self.board.runs, board_state.saved_view(self.board))

    def _update(self) -> None:
        try:
            self.board = dialogs.change_board(self.board, view=state.view())
        except BatchVizError as error:
            notices.report(str(error))


def missing_runs(gone: int, total: int) -> str:
    """`1 of 3 runs was deleted by its author. ...`"""
    deleted = "was deleted by its author" if gone == 1 else "were deleted by their authors"
    left = "the other one" if total - gone == 1 else "the others"
    return f"{gone} of {total} runs {deleted}. The comparison is of {left}."
