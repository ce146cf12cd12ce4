"""Any selection of runs as one archive, `.batchviz.zip`, that another BatchViz reads back bit for bit.

    manifest.json               the format's version, who wrote it, the folders of the runs
    runs/0001/run.json          the spec, how the run ended, and what its exporter had written on it
    runs/0001/epochs.f32        the columns of SERIES["epochs"]: float32, little-endian, row after row
    runs/0001/updates.f32       those of SERIES["updates"], likewise
    runs/0001/measured.f32      those of SERIES["measured"]

Raw numbers and JSON, so that a reader needs no parser that could be made to execute something. Equal selections
make equal files. `importers.archive` reads them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from batchviz.experiment.environment import __version__
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.series import SERIES
from batchviz.exporters.selection import Selection
from batchviz.exporters.streaming import zipped

FORMAT = "BatchViz archive"
VERSION = 2
"""1 had no measurements inside epochs."""


def archive(selection: Selection) -> Iterator[bytes]:
    """The archive, piece by piece."""
    return zipped(_files(selection))


def _files(selection: Selection) -> Iterator[tuple[str, float, Iterator[bytes]]]:
    newest = max((entry.run.finished or entry.run.created for entry in selection.entries), default=0.0)
    folders = [f"runs/{number:04}" for number in range(1, len(selection.entries) + 1)]
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "made_by": f"BatchViz {__version__}",
        "newest_run": newest,
    }
    yield "manifest.json", newest, _json({**manifest, "runs": folders})
    for folder, entry in zip(folders, selection.entries, strict=True):
        changed = entry.run.finished or entry.run.created
        yield f"{folder}/run.json", changed, _json(_about(entry))
        for kind in SERIES:
            yield f"{folder}/{kind}.f32", changed, _numbers(selection, entry.run.id, kind)


def _about(entry: LibraryEntry) -> dict[str, Any]:
    run = entry.run
    return {
        "id": run.id,
        "spec": run.spec.model_dump(mode="json"),
        "status": run.status.value,
        "reason": run.reason,
        "final": {name: value for name, value in run.final.items() if math.isfinite(value)},
        "progress": {
            "updates": run.progress.updates,
            "examples": run.progress.examples,
            "epochs": run.progress.epochs,
            "seconds": run.progress.seconds,
        },
        "created": run.created,
        "finished": run.finished,
        "source": run.source.value,
        "title": run.title,
        "name": entry.name,
        "note": entry.note,
        "tags": list(entry.tags),
        "columns": {kind: list(series.names) for kind, series in SERIES.items()},
    }


def _numbers(selection: Selection, run_id: str, kind: str) -> Iterator[bytes]:
    for _, series in selection.pieces(run_id, kind):
        yield np.column_stack([series[name] for name in SERIES[kind].names]).astype("<f4").tobytes()


def _json(value: Any) -> Iterator[bytes]:
    yield json.dumps(value, indent=1, sort_keys=True, allow_nan=False).encode()
