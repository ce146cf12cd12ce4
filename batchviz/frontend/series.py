"""What scripts know of a recorded run, written from the tables of Python: `python -m batchviz.frontend.series`."""

from __future__ import annotations

import json
from pathlib import Path

from batchviz.analysis.downsampling import BIN_COLUMNS
from batchviz.experiment.records import SERIES, Status

LINE_LENGTH = 110
"""As in .oxfmtrc.json: what is written here passes the format check."""
FILE = Path(__file__).parent / "src/core/series.js"


def script() -> str:
    """The module as it has to stand in FILE; a test compares the two."""
    names = {
        "EPOCH_COLUMNS": SERIES["epochs"].names,
        "UPDATE_COLUMNS": BIN_COLUMNS,
        "FINAL_STATUSES": [status for status in Status if status.final],
    }
    lines = [
        "// Written by `python -m batchviz.frontend.series` from the tables of Python: change them, not this."
    ]
    for name, values in names.items():
        line = f"export const {name} = {json.dumps(list(values))};"
        if len(line) > LINE_LENGTH:
            line = "\n".join(
                [f"export const {name} = [", *(f"  {json.dumps(value)}," for value in values), "];"]
            )
        lines += ["", line]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(script(), encoding="utf-8")
