"""Compare: any set of recorded runs, drawn together and judged fairly."""

from batchviz.ui.boards import dialogs
from batchviz.ui.compare import header, results, state
from batchviz.ui.components import notices


def draw() -> None:
    """Read the address, ask what to compare, draw it, write the address."""
    state.open_address()
    header.draw_header(save_as_board=dialogs.save_as_board)
    if wrong := notices.take_report():
        notices.problem(wrong)
    results.draw_results()


draw()
