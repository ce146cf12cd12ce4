"""The table of a comparison: what differs between the groups, and what each reached."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from batchviz.analysis.comparison import Comparison
from batchviz.analysis.summary_table import Cell, Row
from batchviz.experiment.records import Source, Status
from batchviz.text import hints
from batchviz.text.clock import PATHS, TOOK
from batchviz.text.comparison import lead_over
from batchviz.text.names import SOURCES, amount, rate_used
from batchviz.text.numbers import form, listing, number, quantity, rate
from batchviz.ui.components import html
from batchviz.ui.components.column_heads import draw_column_heads
from batchviz.ui.components.number_columns import printed


def draw_table(comparison: Comparison) -> None:
    """The table, a row a group. Cells of a grid are text, whatever users wrote into them."""
    table, cut = comparison.table, comparison.cut
    if not table.rows:
        return
    html.heading("Numbers", style="section")
    at = "" if comparison.unit is None or cut is None else f"At {amount(comparison.unit, cut.budget)}"
    titles = [field.title for field in table.fields]
    needless = {
        "Source": len({row.group.runs[0].source for row in table.rows}) == 1,
        "Over seeds": all(row.seeds == 1 for row in table.rows),
        "The leader is": not any(lead_over(comparison, row.group) for row in table.rows),
        "Throughput": all(math.isnan(row.throughput) for row in table.rows),
    }
    frame = pd.DataFrame([_row(row, titles, at, lead_over(comparison, row.group)) for row in table.rows])
    frame = frame.drop(columns=[name for name, absent in needless.items() if absent])
    configuration = {
        "Group": st.column_config.TextColumn(pinned=True),
        "Over seeds": st.column_config.TextColumn(help=hints.OVER_SEEDS),
        "The leader is": st.column_config.TextColumn(help=hints.LEADER),
        "Best after": st.column_config.NumberColumn(help=hints.BEST_AFTER),
        "Throughput": st.column_config.NumberColumn(help=hints.throughput(PATHS[comparison.clocks.path])),
        "Took": st.column_config.NumberColumn(help=TOOK),
    }
    with st.container(key="compare_numbers"):
        st.dataframe(
            printed(
                frame,
                dict.fromkeys(("Final", "Best", "Gap", at), number)
                | {"Best after": lambda epochs: f"{number(epochs)} {form(epochs, 'epoch')}"}
                | {"Updates": quantity}
                | {"Took": lambda seconds: f"{number(seconds)} s"}
                | {"Throughput": lambda each_second: f"{rate(each_second)} examples/s"},
            ),
            hide_index=True,
            key="compare_table",
            placeholder="–",
            alt="A row for every group: what differs, its values at the end, at best and at the budget, its cost.",
            column_config=configuration,
        )
    draw_column_heads(configuration, frame.columns)
    _explain(comparison, at)


def _explain(comparison: Comparison, at: str) -> None:
    unmeasured = [row.group.label for row in comparison.table.rows if not row.measured]
    survivors = [
        f"{row.group.label} ({row.final.seeds} of {row.seeds} seeds)"
        for row in comparison.table.rows
        if row.survivors
    ]
    notes = [f"{at}, not measured: {listing(unmeasured, 6)}."] if at and unmeasured else []
    if survivors:
        notes.append(f"Values without the seeds that diverged or failed: {listing(survivors, 6)}.")
    for sentence in notes:
        html.paragraph(sentence, "quiet")


def _row(row: Row, titles: list[str], at: str, lead: str) -> dict[str, Any]:
    cells: dict[str, Any] = {"Group": row.group.label, "Source": SOURCES[row.group.runs[0].source]}
    cells |= dict(zip(titles, row.fields, strict=True))
    if row.group.runs[0].source is not Source.HISTORY:
        cells["Rate used"] = rate_used(row.group.spec)
    cells |= {
        "Final": _mean(row.final),
        "Over seeds": f"{number(row.final.low)} to {number(row.final.high)}" if row.final.seeds > 1 else "",
        "The leader is": lead,
        "Best": _mean(row.best),
        "Best after": _mean(row.best_epoch),
    }
    if at:
        cells[at] = _mean(row.at_budget)
    return cells | {
        "Gap": _mean(row.gap),
        "Updates": _mean(row.updates),
        "Throughput": None if math.isnan(row.throughput) else row.throughput,
        "Took": _mean(row.took),
        "Seeds": str(row.seeds) if row.final.seeds == row.seeds else f"{row.final.seeds} of {row.seeds}",
        "Status": _statuses(row.statuses),
    }


def _mean(cell: Cell) -> float | None:
    """Over the seeds; None, an empty cell, where none has a value."""
    return cell.mean if cell.seeds else None


def _statuses(counts: Mapping[Status, int]) -> str:
    """`done`, or `2 done, 1 diverged`."""
    if len(counts) == 1:
        return str(next(iter(counts)))
    return ", ".join(f"{count} {status}" for status, count in counts.items())
