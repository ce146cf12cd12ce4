"""What is in an uploaded table: its first rows, its columns, and what becomes of them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from batchviz.importers.table import Prepared, Table, encodings
from batchviz.text import hints
from batchviz.text.column import fate
from batchviz.text.numbers import count
from batchviz.text.table import sentences as words
from batchviz.ui.components.column_heads import draw_column_heads
from batchviz.ui.components.html import heading, sentences
from batchviz.ui.data.options import DatasetOptions
from batchviz.ui.limits import MAX_PREVIEW_COLUMNS


def draw_columns(table: Table, answers: DatasetOptions) -> None:
    """Every column: what it holds, how much of it is missing, what happens to it."""
    heading("Columns")
    fates = {
        encoding.column.name: fate(encoding.fate)
        for encoding in encodings(table, answers.target, answers.leave_out)
    }
    fates[answers.target] = "the target" if answers.task else "cannot be the target"
    rows = [
        {
            "Column": column.name,
            "Holds": str(column.kind),
            "What happens to it": fates[column.name],
            "Missing": int(column.missing.sum()),
            "Different": column.distinct,
        }
        for column in table.columns
    ]
    configuration = {
        "Column": st.column_config.TextColumn(width="small"),
        "Holds": st.column_config.TextColumn(width="small"),
        "Missing": st.column_config.NumberColumn(width="small", help=hints.MISSING),
        "Different": st.column_config.NumberColumn(width="small", help=hints.DIFFERENT),
        "What happens to it": st.column_config.TextColumn(width="large"),
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= MAX_PREVIEW_COLUMNS else 380,
        column_config=configuration,
        alt="The columns: name, kind, missing and different values, and what happens to each.",
        key="columns",
    )  # fmt: skip
    draw_column_heads(configuration, configuration)


def draw_rows(table: Table) -> None:
    """The first rows as the file has them."""
    heading("First rows")
    st.dataframe(
        table.first,
        hide_index=True,
        height="content" if len(table.first) <= 5 else 200,
        alt="The first rows of the file, as text.",
        key="first_rows",
    )


def draw_explanation(prepared: Prepared) -> None:
    """What training will see, and every step that led there."""
    rows, inputs = prepared.x.shape
    task = "regression" if prepared.outputs == 1 else count(prepared.outputs, "class", "classes")
    sentences(f"{count(rows, 'row')}, {count(inputs, 'input')}, {task}", words(prepared.explanation))
