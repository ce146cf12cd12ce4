"""A worker that trains a group: each run keeps its own row, points, stop and end, whatever becomes of the others."""

from __future__ import annotations

import numpy as np
import pytest

from batchviz.engine import report_buffer, worker
from batchviz.errors import StoreError
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Store
from batchviz.training import replicas, run_spec

SWEEP = SweepSpec.parse(
    {
        "rows": 60,
        "batch_sizes": 5,
        "learning_rates": (0.003, 0.03),
        "seeds": 2,
        "report_seeds": 1,
        "epochs": 3,
    }
)


@pytest.fixture
def store(tmp_path, monkeypatch):
    store = Store(f"sqlite:///{tmp_path / 'batchviz.db'}")
    monkeypatch.setattr(worker, "_store", store)
    return store


def claimed(store, spec=SWEEP):
    store.sweeps.add(spec, "ada", "here")
    runs = store.queue.claim_group("runner")
    assert len(runs) == spec.seeds * len(spec.learning_rates)
    return runs


def statuses(store, runs):
    return [store.runs.get(run.id).status for run in runs]


def test_each_is_recorded_as_an_ordinary_run_that_equals_the_run_alone(store):
    runs = claimed(store)
    assert [result.trace for result in worker.train(runs).results] == [""] * 4
    for run in runs:
        kept = store.runs.get(run.id)
        assert (kept.status, kept.attempt, kept.final["trained_together"]) == (Status.DONE, 1, 4)
        reports = []
        alone = run_spec(run.spec, reports.append, measure_at=run.measure_at)
        assert kept.progress.updates == alone.progress.updates
        assert kept.final["val_loss"] == pytest.approx(alone.final["val_loss"], rel=1e-5)
        for kind in ("updates", "epochs", "measured"):
            stored = store.series.whole([run.id], kind)[run.id]
            for name in ("loss", "val_loss"):
                if name in stored:
                    theirs = np.concatenate([report.series[kind][name] for report in reports])
                    np.testing.assert_allclose(stored[name], theirs, rtol=1e-5)
    assert store.runs.fingerprints([run.id for run in runs]) == ["here, together"]


def test_what_a_group_recorded_answers_a_sweep_and_no_single_run(store):
    runs = claimed(store)
    worker.train(runs)
    again = store.sweeps.add(SWEEP.replace(report_seeds=2), "bob", "here")
    assert {run.id for run in store.sweeps.runs(again.id)} == {run.id for run in runs}
    assert store.queue.add([runs[0].spec], "bob", "here")[0].id not in {run.id for run in runs}


def test_one_that_is_stopped_ends_alone_and_at_once(store, monkeypatch):
    runs = claimed(store)
    store.queue.request_stop(runs[1].id, "ada")
    finish, seen = store.attempts.finish, {}

    def watch(run_id, *arguments):
        seen[run_id] = store.runs.get(runs[1].id).status
        finish(run_id, *arguments)

    monkeypatch.setattr(store.attempts, "finish", watch)
    monkeypatch.setattr(replicas, "REPORT_SECONDS", 0.0)  # the first report tells it
    worker.train(runs)
    assert statuses(store, runs) == [Status.DONE, Status.STOPPED, Status.DONE, Status.DONE]
    # The first would end before it, if all ended at once.
    assert seen[runs[0].id] == Status.STOPPED, "while the others train"
    assert 0 < store.runs.get(runs[1].id).progress.updates < store.runs.get(runs[0].id).progress.updates


def test_one_that_diverges_ends_alone(store):
    hot = SWEEP.replace(dataset="teacher", optimizer="sgd", learning_rates=(0.01, 900.0))
    runs = claimed(store, hot)
    worker.train(runs)
    ended = {run.spec.learning_rate: store.runs.get(run.id) for run in runs}
    assert (ended[0.01].status, ended[900.0].status) == (Status.DONE, Status.DIVERGED)
    assert "no longer a finite number" in ended[900.0].reason


def test_one_that_was_given_to_another_writes_nothing_more_and_the_others_go_on(store):
    runs = claimed(store)
    store.attempts.worker_crashed(runs[2].id, 1, "the machine was asleep")
    results = worker.train(runs).results
    assert statuses(store, runs) == [Status.DONE, Status.DONE, Status.QUEUED, Status.DONE]
    assert "no longer records" in results[2].trace
    assert len(store.series.whole([runs[2].id], "updates")[runs[2].id]["loss"]) == 0


def test_what_breaks_the_group_costs_each_a_start_of_its_own(store, monkeypatch):
    runs = claimed(store)

    def fail(self, number):
        if number == 1:
            raise MemoryError
        return train_epoch(self, number)

    train_epoch = replicas._Group._train_epoch
    monkeypatch.setattr(replicas._Group, "_train_epoch", fail)
    monkeypatch.setattr(replicas, "REPORT_SECONDS", 0.0)
    results = worker.train(runs).results
    assert ["MemoryError" in result.trace for result in results] == [True, False, False, False]
    again = store.runs.get(runs[0].id)
    assert (again.status, again.attempt) == (Status.QUEUED, 2)
    assert again.reason == "Started again, because training it together with others failed (MemoryError)."
    assert [len(store.queue.claim_group("runner")) for _ in range(5)] == [1, 1, 1, 1, 0]


def test_an_outage_in_the_middle_loses_nothing_of_anybody(store, monkeypatch):
    refused, append = [], store.attempts.append

    def away_for_a_moment(*arguments):
        if len(refused) < 6:
            refused.append(arguments)
            raise StoreError("The disk is full.")
        return append(*arguments)

    monkeypatch.setattr(store.attempts, "append", away_for_a_moment)
    monkeypatch.setattr(report_buffer, "RETRY_SECONDS", 0.01)
    runs = claimed(store)
    worker.train(runs)
    assert statuses(store, runs) == [Status.DONE] * 4
    for run in runs:
        assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == run.plan.updates


def test_a_group_of_one_is_trained_bit_by_bit_as_always(store):
    spec = RunSpec(rows=60, budget=1)
    (run,) = store.queue.add([spec], "ada", "here")
    worker.train(store.queue.claim_group("runner"))
    assert store.runs.fingerprints([run.id]) == ["here"]
    assert store.runs.get(run.id).final["val_loss"] == run_spec(spec).final["val_loss"]
