"""How each column of the table is shown: its heading, its width, its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from batchviz.analysis.units import UNITS
from batchviz.experiment.columns import MEASURED, NUMBERS
from batchviz.experiment.limits import MAX_NOTE_LENGTH, MAX_RUN_NAME_LENGTH
from batchviz.experiment.records import Run
from batchviz.text import hints
from batchviz.text.names import amount
from batchviz.text.numbers import byte_size, number, quantity
from batchviz.text.run_columns import batch_size
from batchviz.ui.components.number_columns import printed
from batchviz.ui.runs.columns import QUALITIES

PRINTED: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(NUMBERS, quantity),
    **dict.fromkeys((*QUALITIES, "seconds"), number),
    "bytes": byte_size,
}
"""Numbers, and how they are written."""
WIDTHS = {
    "batch_size": 150, "val_loss": 165, "status": 80, "dataset": 125, "seed": 60, "updates": 80, "hidden": 120,
    "bytes": 80,
}  # fmt: skip
"""In points; the first two, beside the boxes, fit on a phone."""
MEAN_WIDTH = 45
"""For `, mean` behind a heading."""


def printed_rows(table: pd.DataFrame, runs: Sequence[Run]) -> Styler:
    """The table as it is read; `runs` are those of its rows. What a number depends on stands in its cell."""
    styler = printed(table, PRINTED)
    full = [place for place, run in zip(table.index, runs, strict=True) if run.spec.batch_size == "full"]
    if full and "batch_size" in table:
        styler.format(partial(batch_size, full=True), subset=(full, ["batch_size"]))
    for unit in UNITS.values() if "budget" in table else ():
        of_unit = [
            place for place, run in zip(table.index, runs, strict=True) if run.spec.budget_unit == unit.key
        ]
        if of_unit:
            styler.format(partial(amount, unit), subset=(of_unit, ["budget"]))
    return styler


def configuration(headings: Mapping[str, str], tags: Sequence[str], *, read_only: bool) -> dict[str, Any]:
    """The table of runs."""
    return {
        **_shared(headings),
        **_written(tags, read_only=read_only),
        "owner": st.column_config.TextColumn("Visitor", width=90, disabled=True),
    }


def group_configuration(headings: Mapping[str, str], tags: Sequence[str]) -> dict[str, Any]:
    """The table of experiments: means and ranges over their runs that are done."""
    column = st.column_config
    means = {name: f"{headings[name]}, mean" for name in MEASURED}
    return {
        **_shared({**headings, **means}, wider=MEASURED),
        **_written(tags, help=hints.WRITTEN),
        "done": column.TextColumn("Runs done", width=90, help=hints.RUNS_DONE, disabled=True),
        **{
            f"{name}_range": column.TextColumn("Range", width=130, help=hints.RANGE, disabled=True)
            for name in QUALITIES
        },
    }


def _written(tags: Sequence[str], *, read_only: bool = False, help: str | None = None) -> dict[str, Any]:
    """Columns that a visitor writes in."""
    column = st.column_config
    return {
        "favourite": column.CheckboxColumn("Favourite", width=108, disabled=read_only, help=help),
        "name": column.TextColumn(
            "Name", width=150, max_chars=MAX_RUN_NAME_LENGTH, disabled=read_only, help=help
        ),
        "tags": column.MultiselectColumn(
            "Tags", width=135, options=list(tags), accept_new_options=True, disabled=read_only, help=help
        ),
        "note": column.TextColumn(
            "Note", width=150, max_chars=MAX_NOTE_LENGTH, disabled=read_only, help=help
        ),
    }


def _shared(headings: Mapping[str, str], wider: Sequence[str] = ()) -> dict[str, Any]:
    column = st.column_config
    return {
        "selected": column.CheckboxColumn("Select", width=84, pinned=True, help=hints.SELECT),
        **{
            name: _column(name, heading, MEAN_WIDTH if name in wider else 0)
            for name, heading in headings.items()
        },
        "created": column.DatetimeColumn("Made", width=145, format="D MMM YYYY, HH:mm", disabled=True),
        "set_up": column.TextColumn("Set-up", width=280, disabled=True),
    }


def _column(name: str, heading: str, wider: int) -> Any:
    kind = st.column_config.NumberColumn if name in NUMBERS else st.column_config.TextColumn
    width = WIDTHS.get(name, min(220, 40 + 7 * len(heading)))
    return kind(heading, width=width + wider, help=hints.COLUMNS.get(name), disabled=True)
