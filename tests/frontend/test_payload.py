"""What the player is told of a run holds for runs that were trained elsewhere as well."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from batchviz.analysis.downsampling import DownsampledSeries
from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.frontend.payload import about, epoch_rows
from tests.exporters.selection import run, trained


def thinned(rows: Series) -> DownsampledSeries:
    made = DownsampledSeries(SERIES["epochs"].names)
    made.extend(rows, last=True)
    return made


def test_a_history_that_knows_no_times_or_updates_is_still_json() -> None:
    history = replace(
        run(), source=Source.HISTORY, title="Keras, Monday", progress=Progress(seconds=math.nan)
    )
    rows = trained()["epochs"]
    for name in ("updates", "examples", "seconds"):
        rows[name][:] = np.nan
    told = json.loads(json.dumps([about(history), epoch_rows(thinned(rows))]), parse_constant=pytest.fail)
    assert told[0]["label"] == "Keras, Monday"
    assert told[0]["details"] == "Imported history, B = 32, seed 0"
    assert told[0]["progress"]["seconds"] is None
    assert told[1]["updates"] == [None] * 3


def test_rows_start_where_they_are_asked_to() -> None:
    told = epoch_rows(thinned(trained()["epochs"]), 2)
    assert (told["updates"], told["from"], told["recorded"]) == ([50], 2, 3)
    assert "number" not in told, "every row has the number of its place"


def test_what_is_left_counts_evaluations_as_what_passed_does() -> None:
    """Of a full batch they take longer than its updates: by these alone a third of the seconds were told."""
    spec = RunSpec(batch_size="full", budget=400)
    here = Progress(100, 80_000, 100.0, seconds=0.5, elapsed=1.5)
    told = about(replace(run("running", spec), status=Status.RUNNING, finished=None, progress=here))
    assert told["progress"]["remaining_seconds"] == pytest.approx(4.5)
    before = replace(here, elapsed=0.0)  # recorded by a version that did not tell it
    told = about(replace(run("running", spec), status=Status.RUNNING, finished=None, progress=before))
    assert told["progress"]["remaining_seconds"] == pytest.approx(1.5)
