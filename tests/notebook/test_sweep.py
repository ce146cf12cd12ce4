"""`bv.sweep(...)`: ordinary runs, kept and found again, and an answer over them."""

from __future__ import annotations

import io
import signal

import numpy as np
import pytest

import batchviz as bv
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.notebook import sweep_training
from batchviz.notebook.run_folder import RunFolder
from batchviz.notebook.sweep_progress import SweepProgress
from batchviz.notebook.swept_run import train, unrecorded
from batchviz.text.clock import day
from tests.known_clocks import known_clock

SMALL = {
    "batch_sizes": "5, 20, full",
    "learning_rates": (0.003, 0.03),
    "rows": 60,
    "epochs": 2,
    "seeds": 2,
    "report_seeds": 1,
}


class Watched:
    """A progress that notes what was trained, and does something after so many runs."""

    def __init__(self, after=None, then=None):
        self.asked, self.trained, self.said, self.after, self.then = 0, [], [], after, then

    def begin(self, specs):
        self.asked += len(specs)

    def ended(self, swept):
        self.trained.append(swept.run.spec)
        if len(self.trained) == self.after:
            self.then()

    def say(self, sentence):
        self.said.append(sentence)


@pytest.fixture(scope="module", autouse=True)
def asked_clocks():
    """A known clock in place of seconds of measuring; the networks that were measured."""
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sweep_training.Trainer,
            "clock",
            lambda trainer, spec: asked.append(spec) or known_clock(spec, trainer.machine),
        )
        yield asked


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def result(folder):
    return bv.sweep(**SMALL, folder=folder, progress=Watched())


def test_its_runs_are_those_that_training_each_alone_gives(result):
    assert len(result.runs) == SweepSpec.parse(SMALL).count_runs() == 15
    assert result.runs[0].together
    assert not result.runs[-1].together
    for swept in (result.runs[0], result.runs[7], result.runs[-1]):
        alone = bv.train(swept.run.spec, progress=False)
        # Those at the chosen rates are one a batch size: alone, and so the same to the last bit.
        tolerance = 1e-5 if swept.together else 0
        assert list(swept.history) == list(alone.recording.history)
        for name, values in alone.recording.history.items():
            np.testing.assert_allclose(swept.history[name], values, rtol=tolerance)
        losses = alone.recording.updates["loss"]
        np.testing.assert_allclose(swept.series["updates"]["loss"], losses, rtol=tolerance)
        validation = alone.recording.history["val_loss"]
        np.testing.assert_allclose(
            swept.series["epochs"]["val_loss"][1:], validation, rtol=tolerance or 1e-12
        )


def test_runs_trained_together_and_alone_are_kept_apart_and_both_are_found(result, tmp_path):
    kept, together = RunFolder(tmp_path), result.runs[0]
    spec = together.run.spec
    kept.keep(together)
    assert kept.find(spec, ()).together
    kept.keep(train(spec, together.run.measure_at, lambda: False))
    assert len(list(tmp_path.glob("*.json"))) == 2
    assert not kept.find(spec, ()).together


def test_rates_are_chosen_on_some_seeds_and_reported_on_others(result):
    chosen = {size: best["learning_rate"] for size, best in result.best.items()}
    assert set(chosen) == {"5", "20", "full"}
    reported = {
        (str(s.run.spec.batch_size), s.run.spec.learning_rate) for s in result.runs if s.run.spec.seed == 2
    }
    assert reported == set(chosen.items())
    losses = {}
    for run in (swept.run for swept in result.runs if swept.run.spec.seed < 2):
        cell = losses.setdefault(str(run.spec.batch_size), {}).setdefault(run.spec.learning_rate, [])
        cell.append(run.final["val_loss"])
    assert chosen == {size: min(row, key=lambda rate: np.mean(row[rate])) for size, row in losses.items()}


def test_it_is_shown_as_tables_and_sentences(result):
    assert result.table.index.names == ["batch_size", "learning_rate"]
    assert result.table.index.tolist() == [(b, r) for b in (5, 20, 48) for r in (0.003, 0.03)]
    assert result.table["seeds"].tolist() == [2] * 6
    assert len(result.run_table) == 15
    assert result.answer == "\n".join(result.sentences)
    assert "validation MSE" in result.answer
    assert result.answer.splitlines()[0] in result._repr_html_().replace("&#x27;", "'")
    assert repr(result).startswith("<SweepResult: 15 of 15 runs")


def test_the_answer_is_on_the_clock_of_this_machine(result):
    assert "What is fast here: Most examples a second: B = 48 (full), " in result.answer
    assert f"Clock of {day(result.clock.measured)}: {result.clock.machine}." in result.answer
    assert "No clock" not in result.answer


def test_the_same_sweep_again_trains_nothing_and_says_the_same(result, folder, asked_clocks):
    watched = Watched()
    asked_clocks.clear()
    again = bv.sweep(**SMALL, folder=folder, progress=watched)
    assert watched.asked == len(asked_clocks) == 0
    assert again.sentences == result.sentences
    assert [(s.run.spec, s.history) for s in again.runs] == [(s.run.spec, s.history) for s in result.runs]


def test_another_sweep_trains_only_what_it_does_not_share(folder, result):
    watched = Watched()
    bv.sweep(**SMALL | {"seeds": 3}, folder=folder, progress=watched)
    # Where a rate stays the chosen one, the third seed is among those reported before.
    assert 0 < watched.asked < 15
    assert not {s.run.spec for s in result.runs} & set(watched.trained)


def test_an_interrupt_keeps_what_is_done_and_the_same_call_goes_on(tmp_path):
    first = Watched(4, lambda: signal.raise_signal(signal.SIGINT))
    result = bv.sweep(**SMALL, folder=tmp_path, progress=first)
    assert result.interrupted
    assert len(result.runs) == 4
    assert "4 of 15 runs have ended; this may change." in result.answer
    second = Watched()
    again = bv.sweep(**SMALL, folder=tmp_path, progress=second)
    assert not again.interrupted
    assert len(second.trained) == 11
    assert not set(first.trained) & set(second.trained)


def test_a_target_below_the_floor_is_said_after_the_pilot():
    watched = Watched(1, lambda: signal.raise_signal(signal.SIGINT))
    bv.sweep(**SMALL | {"dataset": "teacher", "noise": 1.0, "targets": 1e-6}, progress=watched)
    assert len(watched.said) == 1
    assert "Nothing reaches" in watched.said[0]
    assert "Choose a higher target." in watched.said[0]


def test_where_all_diverged_it_is_said_and_nothing_is_reported():
    hot = {"dataset": "teacher", "optimizer": "sgd", "learning_rates": (500, 900), "batch_sizes": (5, 20)}
    result = bv.sweep(**SMALL | hot, progress=Watched())
    assert {swept.run.status for swept in result.runs} == {Status.DIVERGED}
    assert len(result.runs) == 8
    assert result.clock is None, "there is nothing to time"
    assert result.best == {size: {"learning_rate": None, "bracketed": False} for size in ("5", "20")}
    assert "B = 5 and 20" in result.answer


def test_processes_of_their_own_train_the_same_runs(result):
    one_size = SMALL | {
        "batch_sizes": 5,
        "seeds": 1,
    }  # work for one process: TensorFlow takes seconds to load
    elsewhere = bv.sweep(**one_size, workers=2, progress=Watched())
    here = {swept.run.spec: swept.history for swept in result.runs}
    assert len(elsewhere.runs) == 3
    for swept in elsewhere.runs[:2]:
        for name, values in here[swept.run.spec].items():
            np.testing.assert_allclose(swept.history[name], values, rtol=1e-5)


def test_processes_of_their_own_begin_with_what_takes_longest():
    spec = SweepSpec.parse({"batch_sizes": (64, "full", 1, 8), "learning_rates": (0.001, 0.01), "seeds": 2})
    alone = RunSpec.parse({"batch_size": 1, "budget": 100, "dropout": 0.1})
    tasks = [(run, ()) for run in (*spec.selection_specs, alone)]
    shares = sweep_training._shares(sweep_training._groups(tasks))
    assert [share[0][0][0].batch_size for share in shares] == [1, 1, 8, 64, "full"]
    assert shares[0] == [([alone], ())]
    assert sorted(run.hash for share in shares for group, _ in share for run in group) == sorted(
        run.hash for run, _ in tasks
    )


def test_a_terminal_shows_a_bar_with_the_time_that_is_left(result):
    stream = io.StringIO()
    with SweepProgress(stream) as bar:
        bar.begin([swept.run.spec for swept in result.runs[:4]])
        bar.ended(result.runs[0])
        bar.say("Something [to] know.")
        bar.begin([result.runs[4].run.spec])
    shown = stream.getvalue()
    assert "1 of 5 runs" in shown
    assert "left" in shown
    assert "Something [to] know." in shown


def test_what_is_damaged_or_was_measured_less_is_trained_again(tmp_path):
    kept, spec = RunFolder(tmp_path), RunSpec(rows=20, budget=1, batch_size=5)
    assert kept.find(spec, ()) is None
    swept = train(spec, (2,), lambda: False)
    kept.keep(swept)
    found = kept.find(spec, (2,))
    assert (found.run.final, found.history) == (swept.run.final, swept.history)
    assert kept.find(spec, (2, 3)) is None
    kept.keep(unrecorded(spec.replace(seed=1), (), "It failed."))
    assert kept.find(spec.replace(seed=1), ()) is None
    for file in tmp_path.iterdir():
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        assert kept.find(spec, (2,)) is None
        file.write_bytes(whole)
    (tmp_path / "file").write_text("")
    with pytest.raises(bv.BatchVizError, match="cannot be used to keep runs"):
        RunFolder(tmp_path / "file")
