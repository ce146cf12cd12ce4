"""`import batchviz as bv; bv.train(...)`: one real run as tables with Keras' names."""

from __future__ import annotations

import io
import signal
import sys
import threading

import numpy as np
import pandas as pd
import pytest

import batchviz as bv
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Status
from batchviz.notebook.interrupt import interrupt_as_request
from batchviz.notebook.progress import ProgressLine


@pytest.fixture(scope="module")
def run():
    return bv.train(rows=100, batch_size=30, epochs=3, seed=2)


def test_what_is_promised_is_there():
    assert set(bv.__all__) <= set(dir(bv))
    assert all(getattr(bv, name) is not None for name in bv.__all__)
    with pytest.raises(AttributeError, match=r"no attribute 'trian'; it has .*train"):
        _ = bv.trian


def test_history_is_that_of_keras_with_a_row_an_epoch(run):
    assert isinstance(run.history, pd.DataFrame)
    assert list(run.history.columns) == ["loss", "mae", "val_loss", "val_mae"]
    assert run.history.index.tolist() == [1, 2, 3]
    assert run.history.index.name == "epoch"
    assert run.history.to_dict("list") == run.recording.history


def test_updates_have_a_row_each(run):
    assert list(run.updates.columns) == ["loss", "mae", "batch_size", "learning_rate"]
    assert run.updates.index.tolist() == list(range(1, 10))
    assert run.updates["batch_size"].tolist() == [30, 30, 20] * 3
    mean = np.average(run.updates["loss"].iloc[:3], weights=run.updates["batch_size"].iloc[:3])
    assert mean == pytest.approx(run.history.loc[1, "loss"], rel=1e-6)


def test_epochs_start_before_the_first_update(run):
    assert run.epochs.index.tolist() == [0, 1, 2, 3]
    assert run.epochs["updates"].tolist() == [0, 3, 6, 9]
    assert run.epochs["examples"].tolist() == [0, 80, 160, 240]
    start = run.epochs.loc[0]
    assert np.isnan(start["loss"])
    assert start["train_loss"] > run.epochs.loc[3, "train_loss"] > 0
    assert np.isfinite(start["val_mae"])
    assert run.seconds == run.epochs["seconds"].iloc[-1] > 0


def test_a_run_says_how_it_went(run):
    assert (run.status, run.reason, run.spec.seed) == (Status.DONE, "", 2)
    assert repr(run).startswith("<TrainedRun: batch size 30, done after 3 epochs, 9 updates, ")
    assert run._repr_html_().startswith("<p>batch size 30, done")
    assert "<th>val_mae</th>" in run._repr_html_()


def test_the_same_seed_trains_the_same_run(run):
    again = bv.train(run.spec)
    pd.testing.assert_frame_equal(again.history, run.history)
    other = bv.train(run.spec, seed=3)
    assert other.spec == run.spec.replace(seed=3)
    assert not other.history.equals(run.history)


def test_classification_is_measured_in_accuracy():
    run = bv.train(dataset="digits", rows=200, updates=4, batch_size="full", validation_split=0)
    assert list(run.history.columns) == ["loss", "accuracy"]
    assert len(run.updates) == 4


def test_a_run_that_diverges_keeps_its_curves_and_says_why():
    run = bv.train(dataset="teacher", rows=60, optimizer="sgd", learning_rate=1000, epochs=50)
    assert run.status is Status.DIVERGED
    assert "smaller learning rate" in run.reason
    assert len(run.updates) > 0
    assert "smaller learning rate" in repr(run)


def test_nonsense_is_refused_for_people_before_tensorflow_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "batchviz.training", None)  # importing it now fails
    with pytest.raises(bv.SpecError, match="Batch size: got 0; expected a whole number"):
        bv.train(batch_size=0)
    with pytest.raises(bv.BatchVizError, match="Budget: got epochs, seconds; expected one of"):
        bv.train(epochs=3, seconds=3)
    with pytest.raises(ImportError):
        bv.train()


def test_interrupting_a_notebook_ends_the_run_and_keeps_it(run):  # by now TensorFlow is loaded
    threading.Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()
    run = bv.train(batch_size=1, seconds=100)
    assert run.status is Status.STOPPED
    assert 0 < len(run.updates) == run.recording.progress.updates


def test_the_first_interrupt_asks_and_the_second_interrupts():
    before = signal.getsignal(signal.SIGINT)
    with interrupt_as_request() as interrupted:
        assert not interrupted()
        signal.raise_signal(signal.SIGINT)
        assert interrupted()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_leave_signals_alone():
    answers = []

    def ask():
        with interrupt_as_request() as interrupted:
            answers.append(interrupted())

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert answers == [False]


def test_the_line_of_progress_writes_over_itself_and_goes(run):
    stream = io.StringIO()
    line = ProgressLine(run.spec, stream)
    line(run.recording)
    shown = stream.getvalue().split("\r")[-1]
    assert shown.startswith(f"[{'#' * 24}] 100%  epoch 3.0, 9 updates, loss ")
    assert "val_loss" in shown
    line.clear()
    assert stream.getvalue().split("\r")[-2] == " " * len(shown)


def test_a_budget_in_seconds_fills_the_bar_with_time(run, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(run.recording, "progress", Progress(updates=1, examples=30, epochs=0.4, seconds=2.5))
    ProgressLine(run.spec.replace(budget_unit="seconds", budget=10), stream)(run.recording)
    assert f"[{'#' * 6}{'.' * 18}]  25%" in stream.getvalue()


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 3, "batch_size": 7},
        {"updates": 17, "batch_size": 7},
        {"examples": 155, "batch_size": 20, "accumulation": 3},
        {"updates": 7, "batch_size": 20, "accumulation": 3},
        {"epochs": 5, "batch_size": 8, "batch_schedule": "2:full, 4:33"},
        {"updates": 20, "batch_size": 8, "batch_schedule": "2:full, 4:33"},
    ],
    ids=str,
)
def test_what_the_plan_announces_is_what_happens(settings):
    run = bv.train(rows=97, **settings)
    plan, progress = plan_for(run.spec), run.recording.progress
    assert (progress.updates, progress.examples) == (plan.updates, plan.examples)
    assert progress.epochs == pytest.approx(plan.epochs, rel=1e-6)
    assert len(run.updates) == plan.updates
    sizes = {plan.epoch(number).batch_size * run.spec.accumulation for number in range(len(run.history))}
    assert set(run.updates["batch_size"]) - sizes <= {
        plan.epoch(n).last_update for n in range(len(run.history))
    }
