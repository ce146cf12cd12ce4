"""Compare: any set of recorded runs, drawn together and judged fairly."""

from batchviz.errors import StoreError
from batchviz.ui import notices
from batchviz.ui.compare import body, head, state


def draw() -> None:
    """Read the address, ask what to compare, draw it, write the address."""
    state.open_address()
    head.ask()
    if wrong := state.problem():
        notices.problem(wrong)
    body.draw()


try:
    draw()
except StoreError as error:
    notices.problem(str(error))
