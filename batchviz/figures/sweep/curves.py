"""All batch sizes at one learning rate, and beside it each at its own best one: the same axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from batchviz.analysis.sweep.cells import Cell
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.sweep.runs import Floats
from batchviz.figures.figure import PlotlyFigure, text
from batchviz.figures.palette import color, translucent
from batchviz.figures.sweep.over_batch_size import HIGH
from batchviz.figures.traces import CROWDED_BAND
from batchviz.text.sweep.sizes import loss_name, rate, size_name


def curves(findings: SweepFindings) -> PlotlyFigure:
    """Means over the seeds, the lowest and the highest as a band, over epochs. Empty panels without runs."""
    panels = [
        (f"All at rate {rate(findings.same_rate[0].learning_rate)}", findings.same_rate),
        ("Each at its own best rate", findings.reported),
    ]
    rows = findings.spec.training_rows
    traces = [
        trace | {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
        for i, (_, cells) in enumerate(panels)
        for panel in ("" if i == 0 else str(i + 1),)
        for cell in cells
        for trace in _cell(cell, rows, findings, own_rate=i == 1)
    ]
    layout: dict[str, Any] = {
        "showlegend": False,
        "meta": {
            "x": "epoch",
            "y": text(loss_name(findings)),
            "panels": [{"heading": text(heading)} for heading, _ in panels],
            "high": HIGH,
        },
        "uirevision": "curves",
    }
    for panel in ("", "2"):
        layout[f"xaxis{panel}"] = {"title": {"text": "epochs"}, "type": "linear"}
        layout[f"yaxis{panel}"] = {"title": {"text": text(loss_name(findings))}, "type": "log"}
    return {"data": traces, "layout": layout}


def _cell(cell: Cell, rows: int, findings: SweepFindings, *, own_rate: bool) -> Iterator[dict[str, Any]]:
    """Band and mean. A diverged seed has left the others: it is counted in the heat map, and here is no mean of it."""
    runs = [run.curve for run in cell.runs if len(run.curve.updates)]
    if not runs or cell.diverged:
        return
    updates, values = together([(curve.updates, curve.values) for curve in runs])
    if not len(updates):
        return
    examples = np.interp(updates, runs[0].updates, runs[0].examples) / rows
    shade, several = color(cell.batch_size), len(values) > 1
    low, high = values.min(axis=0), values.max(axis=0)
    if several:
        yield _trace("", np.concatenate([examples, examples[::-1]]), np.concatenate([low, high[::-1]])) | {
            "line": {"width": 0, "color": translucent(shade, 0)},
            "fill": "toself",
            "fillcolor": translucent(shade, CROWDED_BAND),
        }
    name = size_name(cell.batch_size, findings)
    mean = _trace(
        text(f"{name} at {rate(cell.learning_rate)}" if own_rate else name), examples, values.mean(axis=0)
    )
    mean |= {"line": {"width": 2, "color": shade}, "showlegend": True, "meta": {"end": text(name)}}
    yield mean | ({"customdata": np.stack([low, high], axis=1)} if several else {})


def together(curves: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Where all were measured, and a row a curve: seeds of one cell are measured at the same updates."""
    shared = curves[0][0]
    for updates, _ in curves[1:]:
        shared = np.intersect1d(shared, updates)
    return shared, np.stack([values[np.searchsorted(updates, shared)] for updates, values in curves])


def _trace(name: str, x: Floats, y: Floats) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "showlegend": False}
