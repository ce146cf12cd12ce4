"""`python -m batchviz export`: the files of the app's menu, written from the command line."""

import sys
from pathlib import Path

import pytest

from batchviz.cli.__main__ import main
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.store.series import SeriesStore
from tests.store.reports import outcome, report


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two runs in an installation of their own."""
    monkeypatch.setenv("BATCHVIZ_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("BATCHVIZ_DATABASE_URL", raising=False)
    store = Store(f"sqlite:///{tmp_path / 'batchviz.db'}")
    made = []
    for seed in range(2):
        run = store.queue.add([RunSpec(seed=seed)], "ada", "here")[0]
        store.queue.claim("runner")
        store.attempts.append(run.id, 1, report(0, 20, epochs=2))
        store.attempts.finish(run.id, 1, outcome())
        made.append(run.id)
    store.close()
    return made


def test_runs_are_written_into_a_file(ids, tmp_path, capsys):
    path = tmp_path / "runs.csv"
    assert main(["export", f"--runs={','.join(ids)}", "--format=csv-epochs", f"--to={path}"]) == 0
    assert path.read_text("utf-8-sig").count("\n") == 5
    assert "2 runs in" in capsys.readouterr().err
    assert list(tmp_path.glob("*.part")) == []


def test_a_dash_is_standard_output(ids, capfdbinary):
    assert main(["export", f"--runs={ids[0]}", "--format=parquet-updates", "--to=-"]) == 0
    assert capfdbinary.readouterr().out[:4] == b"PAR1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--runs=nobody_here", "--format=html", "--to=x"], "There is no run nobody_here here"),
        (["--runs=x", "--format=html", "--to=x"], "expected the id of a run"),
        (["--runs={}", "--format=docx", "--to=x"], "expected one of csv-epochs"),
        (["--runs={}", "--format=html"], "Expected --to FILE"),
        (["--runs={}"], "either --format NAME --to FILE, or --mlflow URI"),
        (["--runs={}", "--format=html", "--to=/nowhere/x.html"], "/nowhere/x.html cannot be written"),
        (["--runs={}", "--mlflow=http://127.0.0.1:1"], "There is no MLflow server at http://127.0.0.1:1"),
    ],
)
def test_what_cannot_be_exported_is_explained(ids, capsys, arguments, words):
    assert main(["export", *(argument.format(ids[0]) for argument in arguments)]) == 1
    assert words in capsys.readouterr().err


def test_a_file_that_was_there_survives_an_export_that_breaks_off(ids, tmp_path, monkeypatch):
    path = tmp_path / "runs.csv"
    path.write_text("kept")

    def broken(self, *_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(SeriesStore, "since", broken)
    assert main(["export", f"--runs={ids[0]}", "--format=csv-epochs", f"--to={path}"]) == 130
    assert path.read_text() == "kept"
    assert list(tmp_path.glob("*.part")) == []


def test_mlflow_not_installed_is_said(ids, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    assert main(["export", f"--runs={ids[0]}", "--mlflow=http://127.0.0.1:1"]) == 1
    assert "pip install 'batchviz[mlflow]'" in capsys.readouterr().err
