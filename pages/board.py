"""A board: a saved comparison, as its author left it; without an id, this visitor's boards."""

from batchviz.ui.boards import board_list, board_state, frame
from batchviz.ui.compare import results
from batchviz.ui.components import notices


def draw() -> None:
    """Find the board that the address names and draw it."""
    board = board_state.open_address()
    if wrong := notices.take_report():
        notices.problem(wrong)
    if board is None:
        board_list.draw_boards()
        return
    frame.draw_header(board)
    results.draw_results(frame.BoardPage(board))


draw()
