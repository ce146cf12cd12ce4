"""The head of a board: what its author wrote, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.records import Board
from batchviz.ui import session
from batchviz.ui.boards import board_list, board_state, dialogs
from batchviz.ui.components import html, share
from batchviz.ui.components.export_menu import export_menu


def draw_header(board: Board) -> None:
    """Name, text and buttons; those that change the board are its author's."""
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        html.page_name(board.name, testid="board-name")
        if board.owner == session.visitor():
            if st.button("Rename", key="board_rename"):
                dialogs.rename_board(board)
            st.button("Delete", key="board_delete", on_click=board_list.DELETION.carry_out, args=(board,))
        export_menu(board.runs, key="export")
        if st.button("Share", key="share", help="A link, a QR code or a frame for another page."):
            share.page("board", board_state.parameters(board), board.name, height=dialogs.HEIGHT)
    if board.text:
        html.draw("board_text.html", text=board.text)
