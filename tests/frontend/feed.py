"""One answer of api/points with every kind of run in it: tests/shared/feed.json, which the scripts' tests read as well.

`python -m tests.frontend.feed` writes it anew.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from batchviz.analysis.downsampling import Bins, DownsampledSeries
from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.frontend.payload import FeedPayload, RunMessage, about, epoch_rows, means, update_rows
from tests.exporters.selection import run
from tests.store.reports import report

RECORDED = Path(__file__).parents[1] / "shared" / "feed.json"
EPOCHS, UPDATES_PER_EPOCH = 10, 25


def feed() -> FeedPayload:
    """A run that trains, one that waits, a long one that is over, and one from a history without times."""
    running = replace(
        run("running"),
        status=Status.RUNNING,
        finished=None,
        progress=Progress(60, 60 * 32, 2.4, 0.06),
        final={},
    )
    queued = replace(
        run("queued", RunSpec(batch_size=8)), status=Status.QUEUED, progress=Progress(), final={}
    )
    long = replace(
        run("long"),
        progress=Progress(1500, 48_000, 60.0, 1.5),
        final={"val_loss": 0.09, "best_val_loss": 0.08, "best_epoch": 9, "gap": 0.01},
    )
    history = replace(run("history"), source=Source.HISTORY, title="Keras, Monday", final={"val_loss": 0.09})
    unknown = {name: np.full(EPOCHS + 1, math.nan, np.float32) for name in ("updates", "examples", "seconds")}
    return {
        "version": 1,
        "engine": "ready",
        "sentence": "Still training 1 run.",
        "offer": "",
        "means": means([running, queued, long, history]),
        "missing": ["mistyped"],
        "runs": [
            _message(running, _epochs(3), stride=1, updates=60),
            _message(queued, _epochs(0), stride=1, updates=0, queue_position=1),
            _message(long, _epochs(61), stride=512, updates=60 * UPDATES_PER_EPOCH, kept=40),
            _message(history, _epochs(EPOCHS + 1) | unknown, stride=1, updates=0),
        ],
    }


def _message(
    recorded: object,
    epochs: Series,
    *,
    stride: int,
    updates: int,
    kept: int = 4096,
    queue_position: int | None = None,
) -> RunMessage:
    thinned, bins = DownsampledSeries(SERIES["epochs"].names, most=kept), Bins(stride)
    thinned.extend(epochs, last=True)
    bins.extend(report(0, updates).updates, last=True)
    return {
        **about(recorded),  # type: ignore[arg-type]
        "attempt": 1,
        "reset": False,
        "queue_position": queue_position,
        "queue_seconds": None if queue_position is None else 12.0,
        "digest": "0f1e2d3c",
        "epochs": epoch_rows(thinned),
        "updates": update_rows(bins),
    }


def _epochs(rows: int) -> Series:
    """Losses that fall, as a run of so many epochs records them; the running means begin with the first epoch."""
    number = np.arange(rows, dtype=np.float32)
    updates = number * UPDATES_PER_EPOCH
    losses = {
        name: (np.float32(share) / (1 + number)).astype(np.float32)
        for share, name in enumerate(
            ("loss", "metric", "train_loss", "train_metric", "val_loss", "val_metric"), start=2
        )
    }
    for name in ("loss", "metric"):
        losses[name][:1] = math.nan
    return {"updates": updates, "examples": updates * 32, "seconds": updates / np.float32(1000), **losses}


def written() -> str:
    """The file, as it should be."""
    return json.dumps(feed(), indent=1, allow_nan=False, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    RECORDED.write_text(written(), encoding="utf-8")
