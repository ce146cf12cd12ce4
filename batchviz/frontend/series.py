"""What scripts know of recorded runs and of terms, written from the tables of Python.

`python -m batchviz.frontend.series` writes FILE.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from batchviz.analysis.downsampling import BIN_COLUMNS
from batchviz.experiment.records import Status
from batchviz.experiment.series import SERIES
from batchviz.text.clock import PATHS
from batchviz.text.term_places import PHRASES

LINE_LENGTH = 110
"""As in .oxfmtrc.json: what is written here passes the format check."""
FILE = Path(__file__).parent / "src/core/series.js"


def script() -> str:
    """The module as it has to stand in FILE; a test compares the two."""
    ways = ", ".join(f"{path}: {json.dumps(words)}" for path, words in PATHS.items())
    lines = [
        "// Written by `python -m batchviz.frontend.series` from the tables of Python: change them, not this.",
        "",
        *_constant("EPOCH_COLUMNS", "/** @type {const} */ (", SERIES["epochs"].names),
        *_constant("UPDATE_COLUMNS", "/** @type {const} */ (", BIN_COLUMNS),
        f"export const CLOCK_PATHS = /** @type {{const}} */ ({{ {ways} }});",
        *_constant("FINAL_STATUSES", "new Set(", [status for status in Status if status.final]),
        "/** How a term stands in a sentence, in lower case -> the key of its card. */",
        "export const PHRASES = new Map([",
        *(f"  {json.dumps(list(pair))}," for pair in PHRASES.items()),
        "]);",
    ]
    return "\n".join(lines) + "\n"


def _constant(name: str, wrapper: str, values: Sequence[str]) -> list[str]:
    line = f"export const {name} = {wrapper}{json.dumps(list(values))});"
    if len(line) <= LINE_LENGTH:
        return [line]
    return [f"export const {name} = {wrapper}[", *(f"  {json.dumps(value)}," for value in values), "]);"]


if __name__ == "__main__":
    FILE.write_text(script(), encoding="utf-8")
