"""MLflow: a real tracking server holds every parameter, metric, step, time and status afterwards."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Progress, Status
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.mlflow import LoggedValues, MlflowError, log_runs
from scripts.server import free_port
from tests.exporters.selection import MemorySelection, run, trained

# `make test` makes it; see the Makefile for why it is an environment of its own.
SERVER = Path(sys.prefix) / "mlflow"
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
}

# The programs that the tests after these ask for run while MLflow's server starts.
pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("running")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of MLflow's server on the loopback, with a database of its own.

    By the command and with the variables of the process that `mlflow server` starts: to import MLflow for that program
    as well takes as long again.
    """
    if not (SERVER / "empty.db").exists():
        if os.environ.get("CI"):
            pytest.fail("The MLflow server is not installed: make .venv/mlflow-ready")
        pytest.skip("The MLflow server is not installed: make .venv/mlflow-ready")
    folder = tmp_path_factory.mktemp("mlflow")
    shutil.copy(SERVER / "empty.db", folder / "mlflow.db")
    address = f"http://127.0.0.1:{free_port()}"
    serving = {
        "_MLFLOW_SGI_NAME": "uvicorn",
        "_MLFLOW_SERVER_FILE_STORE": f"sqlite:///{folder}/mlflow.db",
        "_MLFLOW_SERVER_REGISTRY_STORE": f"sqlite:///{folder}/mlflow.db",
        "_MLFLOW_SERVER_ARTIFACT_ROOT": str(folder / "artifacts"),
        "_MLFLOW_SERVER_ARTIFACT_DESTINATION": str(folder / "mlartifacts"),
        "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
    }
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [SERVER / "bin" / "python", "-m", "uvicorn", "--host", "127.0.0.1", "--port", address.rpartition(":")[2],
         "--workers", "1", "mlflow.server.fastapi_app:app"],
        cwd=folder, env={**os.environ, **QUIET, **serving}, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 300
        while not answers(f"{address}/health"):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)


def test_a_run_is_there_with_all_that_was_recorded(server: str) -> None:
    from mlflow import MlflowClient

    spec = RunSpec(batch_size="full", hidden=(8, 4), seed=7)
    ended = run("-first1", spec, status=Status.STOPPED, reason="Stopped.")
    selection = MemorySelection.from_entries(LibraryEntry(ended, name="<b>Aïsha's</b>", tags=("a", "b")))
    selection.rows["-first1"]["updates"]["loss"][3] = np.inf  # type: ignore[index]
    (logged,) = log_runs(selection, server, "whole")
    client = MlflowClient(server)
    kept = client.get_run(logged.mlflow_id)
    assert (kept.info.run_name, kept.info.status) == ("<b>Aïsha's</b>", "KILLED")
    assert (kept.info.start_time, kept.info.end_time) == (1_700_000_010_000, 1_700_000_020_000)
    assert kept.data.params == {name: str(value) for name, value in spec.model_dump(mode="json").items()}
    tags = {name: value for name, value in kept.data.tags.items() if name.startswith("batchviz.")}
    assert tags["batchviz.run"] == "-first1"
    assert (tags["batchviz.source"], tags["batchviz.status"], tags["batchviz.tags"]) == (
        "trained here",
        "stopped",
        "a, b",
    )
    rows = selection.rows["-first1"]
    losses = client.get_metric_history(logged.mlflow_id, "epoch/loss/validation")
    assert [(metric.step, np.float32(metric.value)) for metric in losses] == list(
        enumerate(rows["epochs"]["val_loss"])
    )
    assert [metric.timestamp - 1_700_000_010_000 for metric in losses] == [0, 25, 50]
    updates = client.get_metric_history(logged.mlflow_id, "update/loss")
    assert [metric.step for metric in updates] == [step for step in range(1, 51) if step != 4]
    assert len(client.get_metric_history(logged.mlflow_id, "epoch/loss/running_mean")) == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.DONE, "FINISHED"),
        (Status.DIVERGED, "FAILED"),
        (Status.RUNNING, "RUNNING"),
        (Status.QUEUED, "SCHEDULED"),
    ],
)
def test_the_status_is_mlflows_nearest(server: str, status: Status, expected: str) -> None:
    from mlflow import MlflowClient

    (logged,) = log_runs(
        MemorySelection.from_entries(LibraryEntry(run(f"run_{status}", status=status))), server, "status"
    )
    assert MlflowClient(server).get_run(logged.mlflow_id).info.status == expected


def test_more_metrics_than_one_request_takes_all_arrive(server: str) -> None:
    from mlflow import MlflowClient

    entry = LibraryEntry(run(progress=Progress(updates=1300)))
    selection = MemorySelection([entry], {entry.run.id: trained(2, 1300)}, piece=500)
    (logged,) = log_runs(selection, server, "long")
    assert len(MlflowClient(server).get_metric_history(logged.mlflow_id, "update/mae")) == 1300


def test_what_is_there_is_not_logged_twice_and_what_has_grown_is_replaced(server: str) -> None:
    from mlflow import MlflowClient

    still = LibraryEntry(run("growing", status=Status.RUNNING, progress=Progress(updates=30)))
    done = LibraryEntry(run("growing"))
    (first,) = log_runs(MemorySelection.from_entries(still), server, "again")
    (second,) = log_runs(MemorySelection.from_entries(done), server, "again")
    (third,) = log_runs(MemorySelection.from_entries(done), server, "again")
    assert first.mlflow_id != second.mlflow_id
    assert third == LoggedValues("growing", second.mlflow_id, before=True)
    client = MlflowClient(server)
    experiment = client.get_experiment_by_name("again")
    assert [kept.info.run_id for kept in client.search_runs([experiment.experiment_id])] == [second.mlflow_id]


def test_what_the_server_refuses_is_explained(server: str) -> None:
    with pytest.raises(MlflowError, match=r"MLflow at http://127.0.0.1:\d+ refused: .*(name|experiment)"):
        list(log_runs(MemorySelection.from_entries(LibraryEntry(run())), server, ""))


def test_a_server_that_is_not_there_is_explained_at_once_and_without_its_password() -> None:
    port = free_port()
    with pytest.raises(MlflowError) as caught:
        list(
            log_runs(MemorySelection.from_entries(LibraryEntry(run())), f"http://ada:secret@127.0.0.1:{port}")
        )
    assert f"no MLflow server at http://127.0.0.1:{port}" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_without_mlflow_the_text_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MlflowError, match=r"pip install 'batchviz\[mlflow\]'"):
        list(log_runs(MemorySelection.from_entries(LibraryEntry(run())), "http://127.0.0.1:1"))
