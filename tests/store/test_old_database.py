"""A database that version 0.1.0 wrote is brought up to date when it is opened, and every value in it reads the same.

`old/0.1.0.db` holds runs that were trained, diverged, crashed, started again, deleted, imported and waiting, a library
with notes, a board, and uploaded data; `old/0.1.0.json` is what version 0.1.0 itself read from it.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series
from batchviz.store import Cursor, Store
from batchviz.store.tables import HEAD

OLD = Path(__file__).parent / "old"
EXPECTED = json.loads((OLD / "0.1.0.json").read_text(encoding="utf-8"))
IDS: dict[str, str] = EXPECTED["ids"]
FINGERPRINT = "test-machine"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{shutil.copy(OLD / '0.1.0.db', tmp_path / 'batchviz.db')}")
    yield opened
    opened.close()


def test_it_is_at_the_newest_tables(store: Store) -> None:
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD
        crashes = dict(connection.execute(text("SELECT public_id, worker_crashes FROM run")).all())
    assert {run_id: crashes[run_id] for run_id in EXPECTED["losses"]} == EXPECTED["losses"]


def test_every_run_and_every_recorded_number_is_the_same(store: Store) -> None:
    deltas = store.series.since({run_id: Cursor() for run_id in IDS.values()})
    assert {run_id: _written(delta.run) for run_id, delta in deltas.items()} == EXPECTED["runs"]
    # Version 0.1.0 measured at epochs' ends only.
    assert all(delta.run.measure_at == () and not len(delta.measured["updates"]) for delta in deltas.values())
    assert {
        run_id: {
            "attempt": delta.attempt,
            "epochs": _summary(delta.epochs),
            "updates": _summary(delta.updates),
        }
        for run_id, delta in deltas.items()
    } == EXPECTED["series"]


def test_the_queue_goes_on_where_it_was(store: Store) -> None:
    assert {run_id: place.ahead for run_id, place in store.queue.places().items()} == EXPECTED["positions"]
    claimed = store.queue.claim("worker")
    assert claimed is not None
    assert claimed.id == IDS["waiting"]
    again = store.queue.claim("worker")
    assert again is not None
    assert (again.id, again.attempt) == (IDS["started again"], 2)
    # Its worker crashed once before: the second time it is given up.
    assert store.attempts.worker_crashed(again.id, again.attempt, "its worker was killed") == "failed"


def test_a_finished_run_still_answers_whoever_asks_for_it(store: Store) -> None:
    run = store.runs.get(IDS["small"])
    assert store.queue.add([run.spec], "somebody else", FINGERPRINT) == [run]
    with store.database.reading() as connection:
        rows = connection.execute(text("SELECT spec_hash, final FROM run")).all()
    took = [[row.spec_hash, json.loads(row.final).get("seconds_per_update")] for row in rows]
    assert all(measured in took for measured in EXPECTED["measurements"])


def test_libraries_boards_and_uploads_are_the_same(store: Store) -> None:
    libraries = {owner: store.library.page(owner).entries for owner in EXPECTED["library"]}
    assert {owner: list(map(_entry, entries)) for owner, entries in libraries.items()} == EXPECTED["library"]
    assert json.loads(json.dumps(asdict(store.boards.get(EXPECTED["board"]["id"])))) == EXPECTED["board"]
    assert len(store.boards.owned_by("ada")) == 1
    upload = store.uploads.get(EXPECTED["upload"]["id"])
    since = {"over_training_rows": False, "in_order": False}
    assert json.loads(json.dumps(asdict(upload))) == EXPECTED["upload"] | since
    assert [_digest(array) for array in store.uploads.arrays(upload.id)[:2]] == EXPECTED["arrays"]


def test_what_was_deleted_can_be_brought_back(store: Store) -> None:
    assert [run.run_id for run in store.deletion.restorable("ada")] == [IDS["deleted"]]
    assert store.deletion.restore("ada", [IDS["deleted"]]) == [IDS["deleted"]]
    assert len(store.series.whole([IDS["deleted"]])[IDS["deleted"]]["loss"]) == 4


def _written(run: Run) -> dict[str, Any]:
    values = {
        field.name: getattr(run, field.name)
        for field in fields(run)
        if field.name not in ("spec", "measure_at")
    }
    progress = asdict(run.progress)
    assert progress.pop("elapsed") == 0.0, "not measured by version 0.1.0"
    values |= {"progress": progress, "final": dict(run.final)}
    written: dict[str, Any] = json.loads(json.dumps(values))
    return {**written, "spec": run.spec.model_dump(mode="json"), "spec_hash": run.spec.hash}


def _summary(series: Series) -> dict[str, Any]:
    return {
        name: {
            "rows": len(column),
            "sha256": _digest(column),
            "last": [repr(float(value)) for value in column[-2:]],
        }
        for name, column in series.items()
    }


def _digest(array: np.ndarray) -> str:
    return hashlib.sha256(array.tobytes()).hexdigest()


def _entry(entry: LibraryEntry) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in ("name", "note", "tags", "favourite", "added", "bytes")}
    return {"run": entry.run.id, **told, "tags": list(entry.tags)}
