"""A board: a saved comparison, as its author left it; without an id, this visitor's boards."""

from batchviz.errors import StoreError
from batchviz.ui import notices
from batchviz.ui.boards import around, heading, opened, shelf
from batchviz.ui.compare import body, state


def draw() -> None:
    """Find the board that the address names and draw it."""
    board = opened.open_address()
    if wrong := state.problem():
        notices.problem(wrong)
    if board is None:
        shelf.show()
        return
    heading.show(board)
    body.draw(around.BoardPage(board))


try:
    draw()
except StoreError as error:
    notices.problem(str(error))
