"""Batch size x learning rate: a table whose cells are coloured, with a link to the runs of each."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import streamlit as st

from batchviz.figures.sweep.heat_map import HeatMap, heat_map
from batchviz.text.numbers import quantity
from batchviz.text.sweep import figures as findings_in_words
from batchviz.text.sweep.sizes import loss_name, rate
from batchviz.text.sweep_page import cell
from batchviz.ui.components import html
from batchviz.ui.sweep.charts import behind
from batchviz.ui.sweep.data import Fetched

NOTE = (
    "Means over the seeds that choose the rate. Ringed: the best rate of a batch size; an arrow where the grid ends, "
    "so that a better one may lie beyond. Dotted: equal rate / batch size. A cell opens its runs."
)


def draw_heat_map(fetched: Fetched) -> None:
    """The table, and its numbers as a file."""
    findings = fetched.findings
    drawn = heat_map(findings, behind)
    with st.container(key="sweep_heat"):
        html.draw(
            "sweep_heat_map.html",
            title=findings_in_words.heat_map(findings),
            caption=f"{loss_name(findings)} by batch size and learning rate",
            heat_map=drawn,
            rates=[rate(each) for each in drawn.rates],
            quantity=quantity,
            hint=lambda tile: cell(tile.cell, edge=tile.edge),
            lines=_lines(drawn),
        )
        with st.container(key="sweep_heat_foot", horizontal=True, vertical_alignment="bottom"):
            html.paragraph(NOTE, "quiet")
            st.download_button(
                "CSV", _csv(drawn), f"batchviz-sweep-{fetched.sweep.id}-cells.csv", "text/csv",
                key="sweep_cells_csv", help="Save the cells as CSV", on_click="ignore",
            )  # fmt: skip


def _lines(drawn: HeatMap) -> str:
    """The lines as an image behind the words: an address of data, since Streamlit takes no SVG."""
    wide, high = len(drawn.rates), len(drawn.rows)
    paths = "".join(f"M{x0:.2f} {y0:.2f}L{x1:.2f} {y1:.2f}" for (x0, y0), (x1, y1) in drawn.lines)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" preserveAspectRatio="none">'
        f'<path d="{paths}" fill="none" stroke="#80868f" stroke-width="1.2" stroke-dasharray="1 4" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    return f"data:image/svg+xml,{quote(picture)}"


def _csv(drawn: HeatMap) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(
        ["batch_size", "learning_rate", "seeds", "diverged", "failed", "mean", "lowest", "highest", "best"]
    )
    for row in drawn.rows:
        for tile in row.tiles:
            cell = tile.cell
            numbers = [f"{value:.9g}" if cell.values else "" for value in (cell.mean, cell.low, cell.high)]
            counts = [len(cell.values), cell.diverged, cell.failed]
            table.writerow([row.batch_size, f"{cell.learning_rate:g}", *counts, *numbers, int(tile.best)])
    return written.getvalue()
