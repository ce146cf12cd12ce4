"""`python -m batchviz`: one object or one summary on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import batchviz
from batchviz.cli.__main__ import main
from batchviz.experiment.spec import RunSpec
from tests.nonsense import WORDS

ROOT = Path(__file__).parents[2]
BUDGET_FIELDS = {"budget", "budget_unit"}
WITHOUT_TEXT = BUDGET_FIELDS | {"batch_norm"}
"""The fields that are not `--name=value`."""


def flags(settings):
    """Settings as arguments."""
    return [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]


def train(capsys, *arguments):
    """(exit code, standard output, standard error)"""
    code = main(["train", *arguments])
    return code, *capsys.readouterr()


def strict(text):
    """JSON as the standard has it: NaN is none."""
    return json.loads(text, parse_constant=pytest.fail)


def test_a_run_is_one_json_object(capsys):
    code, out, _ = train(capsys, "--batch-size", "32", "--epochs", "2", "--validation-split", "0.2", "--json")
    result = strict(out)
    assert code == 0
    assert set(result) == {"spec", "status", "reason", "history", "updates", "seconds"}
    assert (result["status"], result["reason"], result["updates"]) == ("done", "", 50)
    assert RunSpec.parse(result["spec"]) == RunSpec(budget=2)
    assert {name: len(values) for name, values in result["history"].items()} == dict.fromkeys(
        ["loss", "mae", "val_loss", "val_mae"], 2
    )
    assert 0 < result["seconds"] < 60


def test_a_training_loss_of_a_sample_is_called_so(capsys, monkeypatch):
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_WORK", 1000)
    monkeypatch.setattr("batchviz.training.evaluation.SAMPLE_ROWS", 10)
    _, out, _ = train(capsys, "--rows=60", "--epochs=1")
    assert "on a fixed random sample of 10 training rows." in out


def test_a_run_is_a_summary_for_people(capsys):
    code, out, _ = train(capsys, "--epochs=30", "--rows=100", "--batch-size=500", "--hidden=8,4")
    assert code == 0
    assert "Set-up: rows=100 hidden=8-4 batch_size=500 budget=30" in out
    assert "80 training and 20 validation rows, 1 updates an epoch" in out
    assert "Done after 30 epochs and 30 updates" in out
    assert "Batch size 500 is larger than the 80 training rows" in out
    assert "the floor averages 1/12 (0.0833)" in out
    rows = [line for line in out.splitlines() if line.strip()[:1].isdigit() and "rows" not in line]
    assert len(rows) == 12
    assert (rows[0].split()[0], rows[-1].split()[0]) == ("1", "30")


def test_a_run_that_diverges_prints_null_and_exits_with_3(capsys):
    code, out, _ = train(capsys, "--dataset=teacher", "--optimizer=sgd", "--learning-rate=1000", "--json")
    result = strict(out)
    assert code == 3
    assert result["status"] == "diverged"
    assert "smaller learning rate" in result["reason"]
    assert None in result["history"]["loss"] + result["history"]["val_loss"]


@pytest.mark.parametrize(("given", "names"), [pair for pair in WORDS if not WITHOUT_TEXT & set(pair[0])])
def test_nonsense_is_refused_as_everywhere(capsys, monkeypatch, given, names):
    monkeypatch.setitem(sys.modules, "batchviz.training", None)
    code, out, err = train(capsys, *flags(given))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    for name in names:
        assert name in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--epochs", "0"], "Budget: got '0'; expected a number above 0."),
        (["--seconds", "601"], "expected at most 600"),
        (["--updates", "2.5"], "expected a whole number"),
    ],
)
def test_budgets_that_cannot_be_are_refused(capsys, arguments, words):
    code, _, err = train(capsys, *arguments)
    assert code == 2
    assert words in err


@pytest.mark.parametrize(
    "arguments", [["--epochs", "3", "--updates", "5"], ["--batch-siz", "5"], ["--budget", "3"], ["extra"]]
)
def test_what_is_no_flag_is_refused(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(["train", *arguments])
    assert caught.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_every_field_is_a_flag_with_its_bounds(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["train", "--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for name in (set(RunSpec.model_fields) - BUDGET_FIELDS) | {"epochs", "updates", "examples", "seconds"}:
        assert f"--{name.replace('_', '-')}" in text
    assert (
        "one of random, teacher, friedman, diabetes, digits, mislabelled, line, moons; default random" in text
    )
    assert "3 diverged" in text


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"BatchViz {batchviz.__version__}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]  # it stands once
    assert project["tool"]["hatch"]["version"]["path"] == "batchviz/experiment/environment.py"


def test_refusing_starts_nothing():
    code = (
        "import sys; from batchviz.__main__ import main; code = main(['train', '--batch-size', 'none']);"
        "print(code, *{'tensorflow', 'keras', 'pandas'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert answer.stdout == "2\n"
    assert answer.stderr.startswith("Batch size: got 'none'; expected")


def test_ctrl_c_on_a_terminal_stops_between_updates_and_prints_what_there_is():
    terminal, theirs = pytest.importorskip("pty").openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "batchviz", "train", "--seconds", "300", "--batch-size", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=ROOT,
    )
    os.close(theirs)
    try:
        shown, deadline = b"", time.monotonic() + 120
        while b"val_loss" not in shown:  # the line of progress, after the first epoch
            assert time.monotonic() < deadline, shown
            shown += os.read(terminal, 4096)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=50)
    finally:
        process.kill()
        os.close(terminal)
    result = strict(out)
    assert process.returncode == 130
    assert (result["status"], result["reason"]) == ("stopped", "Stopped on request.")
    assert result["updates"] >= 800
    assert len(result["history"]["loss"]) >= 1
    assert b"Traceback" not in shown
