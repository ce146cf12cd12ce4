"""What scripts know of a recorded run is what Python's tables say; readers of files are told what each column is."""

import pytest

from batchviz.experiment.series import SERIES
from batchviz.exporters.columns import DESCRIPTIONS, MEASURED
from batchviz.frontend.series import FILE, script
from batchviz.store.rows import ROW_COUNTS
from batchviz.store.tables import series_chunk


def test_the_committed_script_is_what_the_tables_make() -> None:
    assert FILE.read_text(encoding="utf-8") == script(), "run `python -m batchviz.frontend.series`"


@pytest.mark.parametrize("kind", SERIES)
def test_every_kind_of_series_can_be_stored_and_explained(kind: str) -> None:
    assert kind in ROW_COUNTS
    assert len(kind) <= series_chunk.c.kind.type.length
    described = {*DESCRIPTIONS, *(("loss", "metric") if kind in MEASURED else ())}
    assert {*SERIES[kind].names, SERIES[kind].cadence} <= described
