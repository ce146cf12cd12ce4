"""A full disk, a locked file, a wrong file: each is told to a person."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from batchviz.errors import StoreError
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import Cursor, Store
from tests.store.reports import outcome, report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "batchviz.db"


def started(store: Store) -> str:
    run = store.queue.add([RunSpec()], "ada", "here")[0]
    store.queue.claim("runner")
    return run.id


def test_a_full_disk_is_explained_and_what_was_recorded_stays(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    run_id = started(store)
    store.attempts.append(run_id, 1, report(0, 10))
    store.close()
    # SQLite's own limit raises the very error of a full disk.
    event.listen(
        store.database._engine,
        "connect",
        lambda connection, _: connection.execute("PRAGMA max_page_count=40"),
    )
    kept = 10

    def fill() -> None:
        nonlocal kept
        for first in range(10, 1_000_000, 1000):
            store.attempts.append(run_id, 1, report(first, 1000))
            kept = first + 1000

    with pytest.raises(
        StoreError, match=r"The disk is full: nothing more can be stored\. Free some space, then try again"
    ):
        fill()
    assert len(store.series.since({run_id: Cursor()})[run_id].updates["loss"]) == kept
    store.close()

    again = Store(f"sqlite:///{path}")  # space was freed
    again.attempts.append(run_id, 1, report(kept, 5))
    again.attempts.finish(run_id, 1, outcome())
    assert again.runs.get(run_id).status == Status.DONE


def test_a_disk_that_refuses_to_write_is_explained(path: Path) -> None:
    """The operating system's limit on the size of a file stands in for a quota; in a process of its own."""
    pytest.importorskip("resource")
    program = f"""
import resource
from batchviz.errors import StoreError
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
store = Store("sqlite:///{path}")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    for seed in range(10_000):
        store.queue.add([RunSpec(seed=seed)], "ada", "here")
except StoreError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.startswith("The disk refused to write."), done.stderr
    assert str(path) in done.stderr
    assert "Free some space" in done.stdout


def test_a_database_that_becomes_read_only_is_explained_and_works_again_afterwards(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    run_id = started(store)
    store.close()

    def refuse(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only=ON")  # raises what a disk raises that went read-only

    event.listen(store.database._engine, "connect", refuse)
    with pytest.raises(StoreError, match=r"cannot be written\. Allow writing to the file and to its folder"):
        store.attempts.append(run_id, 1, report())
    assert store.runs.get(run_id).status == Status.RUNNING  # reading goes on
    event.remove(store.database._engine, "connect", refuse)
    store.close()
    store.attempts.append(run_id, 1, report())
    assert store.runs.get(run_id).progress.updates == 10


def test_a_locked_database_is_explained_and_works_again_afterwards(path: Path) -> None:
    store = Store(f"sqlite:///{path}", busy_seconds=0.2)
    run_id = started(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(
        StoreError, match=r"is locked: another program has held it for 0\.2 seconds\. Close that program"
    ):
        store.attempts.append(run_id, 1, report())
    assert store.runs.get(run_id).status == Status.RUNNING  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    store.attempts.append(run_id, 1, report())
    assert store.runs.get(run_id).progress.updates == 10


def test_a_short_lock_is_waited_for(path: Path) -> None:
    store = Store(f"sqlite:///{path}", busy_seconds=5)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sqlite3, time; c = sqlite3.connect({str(path)!r}, isolation_level=None);"
            "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); time.sleep(.5)",
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    assert started(store)
    holder.wait()


def test_a_file_that_is_no_database_is_explained(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(StoreError, match=r"is not a BatchViz database\. Move it away"):
        Store(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="folder of the database cannot be used"):
        Store(f"sqlite:///{tmp_path / 'file' / 'batchviz.db'}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "expected something like sqlite:"),
        ("mysql://host/name", "expected sqlite or postgresql"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        Store(url)


def test_a_server_that_does_not_answer_is_named_in_the_log_alone_and_without_its_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="does not answer") as caught:
        Store("postgresql://ada:secret@127.0.0.1:9/batchviz?connect_timeout=2")
    assert not any(word in str(caught.value) for word in ("ada", "127.0.0.1", "secret"))
    assert "ada:***@127.0.0.1:9/batchviz" in caplog.text
    assert "secret" not in caplog.text


def test_a_fault_that_every_page_meets_is_logged_once_a_minute(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(f"sqlite:///{path}")
    store.close()
    path.write_text("Dear diary, " * 1000)
    for _ in range(3):
        with pytest.raises(StoreError) as caught:
            store.runs.get("x")
        assert str(path.parent) not in str(caught.value)
    assert caplog.text.count(str(path)) == 1
