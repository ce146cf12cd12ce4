"""Which board is open and how its reader looks at it: in the session, and in the page's address.

`/board?id=ID` is the board as it was saved. A reader's own way of looking at it stands beside the id, so that a reload
keeps it and a copied link shows it; the board itself stays as it is.
"""

from __future__ import annotations

from batchviz.errors import BatchVizError, StoreError
from batchviz.experiment.library import Board
from batchviz.links import experiment
from batchviz.links.comparison import View
from batchviz.ui import address, resources, session
from batchviz.ui.compare import state
from batchviz.ui.components import buttons, notices
from batchviz.ui.session_state import OPEN_BOARD
from batchviz.ui.url import COMPARE


@session.on_coming
def open_address() -> Board | None:
    """The board that the address names, None without one. Raises StoreError when there is no such board."""
    query = address.parameters()
    board_id = query.pop("id", "")
    if not board_id:
        OPEN_BOARD.delete()
        return None
    if experiment.RUN_ID.fullmatch(board_id) is None:
        raise StoreError(
            f"The link is damaged: {board_id[:40]!r} is not the id of a board. Ask whoever sent it for a new one."
        )
    board = resources.store().boards.get(board_id)
    before = OPEN_BOARD.get()
    OPEN_BOARD.set(board)
    if session.comes() or before is None or before.id != board_id:
        state.compare_runs(board.runs, _view(board, query))
        return board
    compared = state.compared()
    state.compare_runs(board.runs)  # its author may have changed them meanwhile
    if compared != list(before.runs):
        # More seeds were trained for the verdict: the board stays as it is, the longer comparison is one of its own.
        parameters_now = state.view().encode() | {"runs": experiment.encode_runs(compared)}
        buttons.go(COMPARE, parameters_now)
    return board


def write_address(board: Board) -> None:
    """Make the address say which board this is, and how it is drawn where that is not as saved."""
    address.write(parameters(board))


def parameters(board: Board) -> dict[str, str]:
    """The parameters of a link to the board as it is drawn now."""
    reader_view = {} if state.view() == saved_view(board) else state.view().encode()
    return {"id": board.id} | reader_view


def saved_view(board: Board) -> View:
    """How its author drew it; plainly, if a later BatchViz wrote what this one cannot read."""
    try:
        return View.decode(board.view)
    except BatchVizError:
        return View()


def _view(board: Board, query: dict[str, str]) -> View:
    """The reader's own view where the address has one."""
    if not {"v", *View.model_fields} & set(query):
        return saved_view(board)
    try:
        return View.decode(query)
    except BatchVizError as error:
        notices.report(str(error))
        return saved_view(board)
