"""Programs as files: one as it is, several as a zip, with a visitor's own data beside them where they need it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from batchviz.errors import BatchVizError
from batchviz.experiment import datasets
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.records import Run
from batchviz.exporters.codegen import data, why_not
from batchviz.exporters.selection import Selection
from batchviz.exporters.streaming import zipped

Render = Callable[[Run, OwnData | None], bytes]
File = tuple[str, float, list[bytes]]


def alone(selection: Selection) -> bool:
    """Whether the export is one bare file: one run, whose data is in it or not to be had."""
    if len(selection.entries) != 1:
        return False
    own_data = _own_data(selection, selection.entries[0].run)
    return own_data is None or data.fits(own_data)


def write(selection: Selection, extension: str, render: Render) -> Iterator[bytes]:
    """The file, piece by piece. Raises BatchVizError where no run of the selection can be reproduced."""
    runs = [entry.run for entry in selection.entries]
    reasons = {run.id: why_not(run) for run in runs}
    if all(reasons.values()):
        raise BatchVizError(next(iter(reasons.values()), "No run was selected. Select at least one."))
    if alone(selection):
        return iter([render(runs[0], _own_data(selection, runs[0]))])
    return zipped(_files(selection, reasons, extension, render))


def _files(selection: Selection, reasons: dict[str, str], extension: str, render: Render) -> Iterator[File]:
    beside: set[str] = set()
    for run in (entry.run for entry in selection.entries):
        if reasons[run.id]:
            continue
        own_data = _own_data(selection, run)
        yield f"batchviz-{run.id}.{extension}", run.created, [render(run, own_data)]
        name = data.file_name(run.spec)
        if own_data is not None and not data.fits(own_data) and name not in beside:
            beside.add(name)
            yield name, run.created, [_npz(own_data)]
    left_out = [f"{run_id}: {reason}" for run_id, reason in reasons.items() if reason]
    if left_out:
        text = "Left out of this file:\n\n" + "\n".join(left_out) + "\n"
        yield "left-out.txt", max(entry.run.created for entry in selection.entries), [text.encode()]


def _own_data(selection: Selection, run: Run) -> OwnData | None:
    return selection.own_data(run.spec.dataset) if datasets.find(run.spec.dataset).origin == "own" else None


def _npz(own_data: OwnData) -> bytes:
    buffer = io.BytesIO()
    rule: dict[str, Any] = {}
    if own_data.standardised is not None:
        rule = {"standardised": own_data.standardised, "in_order": own_data.in_order}
    np.savez_compressed(buffer, x=own_data.x, y=own_data.y, **rule)
    return buffer.getvalue()
