"""The script of a whole sweep, run for real: runs end where the recorded ones ended, and rates are chosen alike."""

from __future__ import annotations

import ast

import pytest

from batchviz.errors import BatchVizError, SpecError
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.exporters.codegen import loop
from batchviz.exporters.codegen.sweep import sweep_script
from batchviz.training import recorder, run_spec

GRID = SweepSpec.parse(
    {
        "rows": 30,
        "batch_sizes": 8,
        "learning_rates": (0.003, 0.03),
        "seeds": 1,
        "report_seeds": 1,
        "epochs": 1,
    }
)
RULE = SweepSpec.parse(
    {
        "dataset": "teacher", "rows": 40, "batch_sizes": "3, full", "learning_rates": 0.02,
        "learning_rate_rule": "linear",
        "accumulation": 2, "batch_norm": True, "hidden": "6", "optimizer": "sgd", "seeds": 1, "examples": 50,
    }
)  # fmt: skip


@pytest.mark.parametrize("spec", [GRID, RULE], ids=["grid", "rule"])
def test_every_run_ends_where_the_recorded_one_ended(spec, capsys):
    recorded = {run: run_spec(run).final["val_loss"] for run in spec.selection_specs}
    module = {"__name__": "__main__"}
    exec(compile(sweep_script(spec, recorded), "sweep", "exec"), module)
    losses = module["losses"]
    for run, loss in recorded.items():
        assert losses[run.batch_size, run.learning_rate, run.seed] == pytest.approx(loss, abs=1e-5)
    best = {
        size: min(
            spec.learning_rates,
            key=lambda rate: recorded[spec.base.replace(batch_size=size, learning_rate=rate)],
        )
        for size in spec.batch_sizes
    }
    reported = spec.report_specs(best)
    assert losses.keys() == {(r.batch_size, r.learning_rate, r.seed) for r in [*recorded, *reported]}
    for run in reported[:1]:
        expected = run_spec(run).final["val_loss"]
        assert losses[run.batch_size, run.learning_rate, run.seed] == pytest.approx(expected, abs=1e-5)
    told = capsys.readouterr().out
    assert told.count(", recorded ") == len(recorded)
    assert "batch size, best rate, mean validation loss" in told


def test_rates_that_rest_on_more_than_final_losses_are_given():
    program = sweep_script(GRID, chosen={8: 0.03})
    assert "BEST_RATES = {8: 0.03}" in program
    assert "RECORDED = {}" in program


def test_it_is_short_lines_of_valid_python_that_needs_keras_and_numpy_alone():
    for spec in (GRID, RULE):
        program = sweep_script(spec)
        tree = ast.parse(program)
        imported = {
            name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
        }
        assert imported <= {"os", "math", "base64", "zlib", "keras", "numpy"}
        assert max(map(len, program.splitlines())) <= 120


def test_a_run_diverges_there_as_here():
    assert loop.DIVERGED_AT == recorder.DIVERGED_AT


def test_data_that_is_not_here_is_refused():
    with pytest.raises((BatchVizError, SpecError), match="trained on elsewhere"):
        sweep_script(GRID.replace(dataset="elsewhere.AbCdEf12.40.1"))
