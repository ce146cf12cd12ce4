"""`batchviz sweep`: one object or one summary on standard output, files beside it, and the same command goes on."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import zipfile

import pytest

from batchviz.cli import sweep
from batchviz.cli.__main__ import main
from batchviz.cli.flags import workers
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.notebook import sweep_training
from batchviz.notebook.run_folder import RunFolder
from tests.known_clocks import known_clock

GRID = ["--batch-sizes", "5,full", "--learning-rates", "0.003,0.03", "--rows=40", "--seeds=2", "--epochs=2"]


@pytest.fixture(scope="module", autouse=True)
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATCHVIZ_DATA_DIR", str(folder))
        # A known clock in place of seconds of measuring, of the machine that the sweep runs on.
        patch.setattr(sweep_training, "_clock", lambda spec, machine, stop=None: known_clock(spec, machine))
        yield folder


def call(capsys, *arguments):
    """(exit code, standard output, standard error)"""
    code = main(["sweep", *GRID, *arguments])
    return code, *capsys.readouterr()


def strict(text):
    """JSON as the standard has it: NaN is none."""
    return json.loads(text, parse_constant=pytest.fail)


def test_a_sweep_is_one_json_object(capsys, data_dir):
    code, out, err = call(capsys, "--json")
    result = strict(out)
    assert code == 0
    assert set(result) == {"runs", "best", "answer", "seconds"}
    assert "14 runs: 2 batch sizes x 2 learning rates x 2 seeds, and 3 more at each size's best rate" in err
    assert len(result["runs"]) == 14
    for run in result["runs"]:
        assert set(run) == {"batch_size", "learning_rate", "seed", "status", "history"}
        assert (run["status"], set(run["history"])) == ("done", {"loss", "mae", "val_loss", "val_mae"})
        assert len(run["history"]["val_loss"]) == 2
    assert {run["batch_size"] for run in result["runs"]} == {5, "full"} == {5, *result["best"]} - {"5"}
    for best in result["best"].values():
        assert set(best) == {"learning_rate", "bracketed"}
        assert best["learning_rate"] in (0.003, 0.03)
        assert best["bracketed"] is False  # of two rates each is an edge
    assert all(isinstance(sentence, str) and sentence for sentence in result["answer"])
    assert 0 < result["seconds"] < 60
    assert len(list((data_dir / "sweep-runs").glob("*.json"))) == 14


def test_the_same_command_uses_what_there_is_and_is_a_summary_for_people(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "batchviz.training", None)  # nothing is trained
    code, out, _ = call(capsys)
    assert code == 0
    assert "Batch size   best rate" in out
    assert "not bracketed" in out
    assert "14 of 14 runs in" in out
    assert "What is fast here: Most examples a second" in out


def test_runs_are_written_to_files_as_well(capsys, tmp_path):
    names = {"csv": "s.csv", "parquet": "s.parquet", "archive": "s.batchviz.zip", "script": "s.zip"}
    names["sweep-script"] = "s.py"
    call(capsys, *(f"--{flag}={tmp_path / name}" for flag, name in names.items()))
    assert {path.name for path in tmp_path.iterdir()} == set(names.values())
    assert len((tmp_path / "s.csv").read_text().splitlines()) == 1 + 14 * 3
    program = (tmp_path / "s.py").read_text()
    compile(program, "s.py", "exec")
    assert len(re.findall(r"^    \((?:5|'full'), 0\.\d+, \d\): ", program, re.MULTILINE)) == 14
    with zipfile.ZipFile(tmp_path / "s.batchviz.zip") as archive:
        assert sum(name.endswith("run.json") for name in archive.namelist()) == 14


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--batch-sizes", "33"], 2, "33 is more than the 32 training rows"),
        (["--batch-sizes", "5,5"], 2, "5 stands there twice"),
        (["--learning-rates", "-1"], 2, "expected up to 16 numbers above 0"),
        (["--seeds", "0"], 2, "Seeds: got '0'; expected a whole number from 1 to 20."),
        (["--rows", "1"], 2, "Rows: got '1'"),
        (["--workers", "0"], 1, "--workers: got '0'; expected a whole number from 1 to 64."),
        (["--csv", "/nowhere/s.csv"], 1, "the folder of /nowhere/s.csv does not exist"),
    ],
)
def test_bad_input_is_refused_before_anything_is_trained(capsys, monkeypatch, arguments, code, words):
    monkeypatch.setitem(sys.modules, "batchviz.notebook.sweep", None)
    found, out, err = call(capsys, *arguments)
    assert (found, out) == (code, "")
    assert words in err


def test_a_sweep_that_a_file_cannot_hold_is_refused_before_it_is_trained(capsys, monkeypatch):
    monkeypatch.setattr(sweep, "MAX_RUNS_EXPORTED", 13)
    code, _, err = call(capsys, "--csv=x.csv")
    assert code == 1
    assert "--csv: the sweep has 14 runs; a file holds at most 13." in err


def test_a_sweep_in_which_everything_diverged_exits_with_3(capsys):
    hot = ["--dataset=teacher", "--optimizer=sgd", "--learning-rates=500,900", "--batch-sizes=5", "--fresh"]
    code, out, _ = call(capsys, *hot, "--json")
    result = strict(out)
    assert code == 3
    assert {run["status"] for run in result["runs"]} == {"diverged"}
    assert result["best"] == {"5": {"learning_rate": None, "bracketed": False}}


def test_short_sweeps_train_here_and_long_ones_on_all_cores():
    short = SweepSpec.parse({"batch_sizes": 32, "seeds": 1, "learning_rates": 0.1})
    assert sweep._default_workers(short) == 1
    assert sweep._default_workers(SweepSpec.parse({"epochs": 100})) == os.cpu_count()
    assert workers(None, sweep._default_workers(short)) == 1
    assert workers("3", sweep._default_workers(short)) == 3


def test_ctrl_c_prints_what_there_is_and_the_same_command_goes_on(capsys, monkeypatch, tmp_path):
    def keep_and_interrupt(folder, swept, keep=RunFolder.keep):
        keep(folder, swept)
        kept.append(swept)
        if len(kept) % 4 == 1:
            signal.raise_signal(signal.SIGINT)

    kept = []

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "keep", keep_and_interrupt)
        code, out, _ = call(capsys, f"--folder={tmp_path}")
        assert code == 130
        # The seeds and rates of a batch size end together
        assert "4 of 14 runs in" in out
        assert "the same command goes on" in out
        code, out, _ = call(capsys, f"--folder={tmp_path}", "--json")
        assert (code, len(strict(out)["runs"])) == (130, 8)
    code, out, _ = call(capsys, f"--folder={tmp_path}", "--json")
    assert (code, len(strict(out)["runs"])) == (0, 14)
