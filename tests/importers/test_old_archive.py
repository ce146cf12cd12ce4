"""An archive that version 0.1.0 exported is read as it was meant: specs, notes, ends, and every number."""

import hashlib
import json
from pathlib import Path

import numpy as np

from batchviz.experiment.records import Source
from batchviz.importers import archive

ROOT = Path(__file__).parents[1]
OLD = ROOT / "importers" / "old" / "0.1.0.batchviz.zip"
# The runs are those of the old database, of which version 0.1.0 itself said this.
EXPECTED = json.loads((ROOT / "store" / "old" / "0.1.0.json").read_text(encoding="utf-8"))
EXPORTED = ("small", "full", "schedule", "digits", "diverged")


def test_an_archive_of_the_version_before_is_read_to_the_last_bit() -> None:
    with OLD.open("rb") as file:
        runs = list(archive.read(file))
    assert len(runs) == len(EXPORTED)
    for kind, run in zip(EXPORTED, runs, strict=True):
        run_id = EXPECTED["ids"][kind]
        told, series = EXPECTED["runs"][run_id], EXPECTED["series"][run_id]
        assert run.spec.model_dump(mode="json") == told["spec"], kind
        assert (run.status, run.reason, run.source) == (told["status"], told["reason"], Source.ARCHIVE)
        assert run.final == {name: value for name, value in told["final"].items() if np.isfinite(value)}
        assert run.progress.updates == told["progress"]["updates"]
        for name, columns in (("epochs", run.epochs), ("updates", run.updates)):
            assert columns.keys() == series[name].keys()
            for column, values in columns.items():
                assert hashlib.sha256(values.tobytes()).hexdigest() == series[name][column]["sha256"]


def test_what_its_exporter_had_written_on_a_run_comes_along() -> None:
    with OLD.open("rb") as file:
        small = next(iter(archive.read(file)))
    assert (small.name, small.note, tuple(small.tags)) == (
        "Tiny batches",
        "The noisy one,\nof the lesson.",
        ("class", "Größe"),
    )
