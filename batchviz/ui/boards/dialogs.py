"""The dialogs that save a comparison as a board, and that rename one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from batchviz.analysis.differences import distinct
from batchviz.errors import BatchVizError
from batchviz.experiment.library import Board
from batchviz.experiment.limits import MAX_PAGE_TEXT_LENGTH, MAX_PAGE_TITLE_LENGTH
from batchviz.links.comparison import View
from batchviz.ui import resources, session, url
from batchviz.ui.components import buttons, html, notices
from batchviz.ui.components.dialogs import close
from batchviz.ui.components.share.link_box import link_box
from batchviz.ui.session_state import SAVED_BOARD
from batchviz.ui.url import BOARD

HEIGHT = 1200
"""Of a board in a frame of another page, CSS pixels."""


@st.dialog("Save as board", width="medium", on_dismiss=close)
def save_as_board(runs: Sequence[str], view: View) -> None:
    """Save these runs in this view: as a new board, or in place of one of this visitor's.

    The names that the visitor gave the runs are copied: renaming a run later leaves the board as it is.
    """
    if saved := SAVED_BOARD.get():
        _draw_link(saved)
        return
    store = resources.store()
    boards = {board.id: board for board in store.boards.owned_by(session.visitor())}
    html.note("A board keeps the runs, their names and how they are drawn, under a link of its own.")
    chosen = None
    if boards:
        places = _options(list(boards.values()))
        chosen = st.selectbox(
            "Save as", list(places), key="board_place", format_func=places.__getitem__,
        )  # fmt: skip
    before = boards.get(chosen or "")
    name, text = _draw_name_and_text(
        before.name if before else view.title, before.text if before else view.text, chosen or "new"
    )

    def keep() -> str:
        there = store.runs.visible(runs)
        kept = [run_id for run_id in runs if run_id in there]
        names = {
            run_id: entry.name
            for run_id, entry in store.library.entries(session.visitor(), kept).items()
            if entry.name
        }
        plain = view.replace(title="", text="").encode()
        board = store.boards.save(
            session.visitor(), name=name, text=text, runs=kept, names=names, view=plain, board_id=chosen
        )
        return board.id

    _draw_save_button("Save", keep)


@st.dialog("Name and text", width="medium", on_dismiss=close)
def rename_board(board: Board) -> None:
    """Change what stands over a board; its runs and its view stay."""
    if SAVED_BOARD.pop():
        close()
        st.rerun()
    name, text = _draw_name_and_text(board.name, board.text, "rename")

    def keep() -> str:
        return change_board(board, name=name, text=text).id

    _draw_save_button("Save", keep)


def change_board(
    board: Board, *, name: str | None = None, text: str | None = None, view: View | None = None
) -> Board:
    """Change a board of this visitor's and leave the rest of it. Raises StoreError."""
    return resources.store().boards.save(
        session.visitor(),
        name=board.name if name is None else name,
        text=board.text if text is None else text,
        runs=board.runs,
        names=board.names,
        view=board.view if view is None else view.encode(),
        board_id=board.id,
    )


def _options(boards: Sequence[Board]) -> dict[str | None, str]:
    """Where it can be saved. Boards of one name are numbered, because Streamlit tells options apart by their words."""
    names = distinct([board.name for board in boards])
    titles = [
        f"Instead of \N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}" for name in names
    ]
    return {None: "A new board"} | dict(zip((board.id for board in boards), titles, strict=True))


def _draw_name_and_text(name: str, text: str, key: str) -> tuple[str, str]:
    """Each board has fields of its own, so that choosing another one shows its words."""
    return (
        st.text_input(
            "Name", name[:MAX_PAGE_TITLE_LENGTH], max_chars=MAX_PAGE_TITLE_LENGTH, key=f"board_name_{key}"
        ),
        st.text_area(
            "Text",
            text[:MAX_PAGE_TEXT_LENGTH],
            max_chars=MAX_PAGE_TEXT_LENGTH,
            height=110,
            key=f"board_text_{key}",
        ),
    )


def _draw_save_button(label: str, keep: Callable[[], str]) -> None:
    """Save when pressed, then draw the dialog anew, which says what came of it."""
    if not buttons.pressed(label, type="primary", key="board_keep"):
        return
    try:
        SAVED_BOARD.set(keep())
    except BatchVizError as error:
        notices.problem(str(error))
    else:
        st.rerun(scope="fragment")


def _draw_link(board_id: str) -> None:
    """What the new board's link is."""
    html.note("Saved. Whoever has this link can read the board; only you can change it.")
    link = url.absolute("board", {"id": board_id})
    link_box(link, title="BatchViz: a comparison", height=HEIGHT, key="board_saved_box")
    st.page_link(BOARD, label="Open the board", query_params={"id": board_id})
