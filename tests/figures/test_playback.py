"""What the player is told of a run holds for runs that were trained elsewhere as well."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from batchviz.figures.playback import about, epoch_rows
from batchviz.records import Progress, Source
from tests.exports.selection import run, trained


def test_a_history_that_knows_no_times_or_updates_is_still_json() -> None:
    history = replace(
        run(), source=Source.HISTORY, title="Keras, Monday", progress=Progress(seconds=math.nan)
    )
    rows = trained()["epochs"]
    for name in ("updates", "examples", "seconds"):
        rows[name][:] = np.nan
    told = json.loads(json.dumps([about(history), epoch_rows(rows)]), parse_constant=pytest.fail)
    assert told[0]["label"] == "Keras, Monday"
    assert told[0]["details"] == "Imported history, B = 32, seed 0"
    assert told[0]["progress"]["seconds"] is None
    assert told[1]["updates"] == [None] * 3


def test_rows_start_where_they_are_asked_to() -> None:
    assert epoch_rows(trained()["epochs"], 2)["updates"] == [50]
    assert epoch_rows(trained()["epochs"], 2)["from"] == 2
