"""`batchviz clock`: a clock as a table or as one JSON object."""

from __future__ import annotations

from typing import Any

import pytest

from batchviz.cli.__main__ import main
from batchviz.experiment.clock import Clock, ClockPath, ClockPoint, clock_key
from batchviz.experiment.spec import RunSpec
from batchviz.notebook import clock as module


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TensorFlow; at batch size 32 the repeats scatter where the path is fit."""

    def measure(spec: RunSpec, path: ClockPath) -> Clock:
        print("libraries talk")
        high = 3e-5 if path is ClockPath.FIT else 2.1e-5
        points = (ClockPoint(1, 1e-6, 1e-6, 1.1e-6), ClockPoint(32, 2e-5, 1.9e-5, high))
        return Clock(clock_key(spec) or "", path, "Test, 2 cores", 1.5e9, points)

    monkeypatch.setattr(module, "measure_clock", measure)


def test_a_clock_is_one_json_object(capsys: Any) -> None:
    assert main(["clock", "--hidden", "64, 64", "--path", "fit", "--json"]) == 0
    clock = Clock.from_json(capsys.readouterr().out)
    assert (clock.path, clock.network) == (ClockPath.FIT, clock_key(RunSpec(hidden=(64, 64))))


def test_a_clock_is_a_table_for_people(capsys: Any) -> None:
    assert main(["clock"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Test, 2 cores",
        "Batch size  µs an update  within",
        "         1             1  1 to 1.1",
        "        32            20  19 to 21",
    ]


def test_repeats_that_scatter_are_said_to(capsys: Any) -> None:
    main(["clock", "--path", "fit"])
    assert "something else is at work" in capsys.readouterr().out


def test_an_unknown_path_is_refused(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        main(["clock", "--path", "moon"])
    assert "--path" in capsys.readouterr().err
