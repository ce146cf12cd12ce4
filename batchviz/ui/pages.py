"""Where the scripts of the pages are, for the navigation and for buttons that lead from one to another."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "pages"
PLAYGROUND = FOLDER / "playground.py"
COMPARE = FOLDER / "compare.py"
BOARD = FOLDER / "board.py"
