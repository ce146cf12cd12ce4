"""What a page trains itself of what it holds is the run that our own loop trains."""

import numpy as np
import pytest

from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.demo.trainable import trainable
from batchviz.training.run import record
from tests.exporters.selection import run
from tests.frontend.node import node

SCRIPT = """
const { BrowserRun } = await import(src + "/demo/browser-run.js");
const { setUp, examples, rate, seed } = input;
const like = { details: "Adam, seed 9", plan: {} };
const size = setUp.sizes.find((size) => size.examples === examples);
const own = new BrowserRun("group", setUp, like, rate, size, String(seed), 1);
while (!own.over) own.advance(5);
console.log(JSON.stringify(own.message));
"""
SPECS = [
    RunSpec(batch_size=24, seed=5, budget=2),
    RunSpec(dataset="digits", rows=600, batch_size=96, optimizer="momentum", learning_rate=0.1, budget=3),
    RunSpec(batch_size="full", budget_unit="updates", budget=7, validation_split=0),
    RunSpec(batch_size=128, budget_unit="updates", budget=10, optimizer="sgd", learning_rate=0.05),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.dataset} {spec.batch_size}")
def test_it_is_the_run_that_our_loop_trains(spec: RunSpec) -> None:
    own = node(
        SCRIPT,
        {
            "setUp": trainable([run("recorded", spec)]),
            "examples": plan_for(spec).first.batch_size,
            "rate": spec.learning_rate,
            "seed": spec.seed,
        },
    )
    recording = record(spec)
    recorded = recording.epochs
    at = {updates: row for row, updates in enumerate(own["epochs"]["updates"])}
    rows = [at[int(updates)] for updates in recorded["updates"]]
    for name, theirs in recorded.items():
        if name != "seconds":
            column = own["epochs"][name.replace(recording.metric or "", "metric")]
            np.testing.assert_allclose([column[row] for row in rows], theirs, rtol=1e-5, err_msg=name)
    assert own["status"] == "done"
    assert own["plan"]["updates"] == own["progress"]["updates"] == recording.progress.updates
    assert own["details"] == f"Adam, seed {spec.seed}"
    assert own["reason"] == "Trained in your browser."
