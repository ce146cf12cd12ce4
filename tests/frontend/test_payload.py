"""What the player is told of a run holds for runs that were trained elsewhere as well."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from batchviz.analysis.downsampling import DownsampledSeries
from batchviz.experiment.records import Progress, Source
from batchviz.experiment.series import SERIES, Series
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
