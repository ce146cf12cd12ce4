"""The recorded race of the first screen: an archive like any other, and what Keras trains with its settings today."""

import re

import numpy as np
import pytest

from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.experiment.records import Report, Status
from batchviz.experiment.series import SERIES
from batchviz.recorded import OPENING as FILE
from batchviz.recorded import RecordedRun, opening
from batchviz.text import opening as words


def test_it_holds_the_runs_that_one_press_trains_again() -> None:
    runs = [recorded.run for recorded in opening().runs]
    assert [run.spec for run in runs] == PRESETS[OPENING].specs
    assert {run.status for run in runs} == {Status.DONE}
    assert FILE.stat().st_size < 120_000
    assert re.fullmatch(
        r"Recorded on \d+ \w+ \d{4} with Keras [\d.]+, TensorFlow [\d.]+ and NumPy [\d.]+\.", opening().note
    )


@pytest.mark.parametrize("recorded", opening().runs[-2:], ids=lambda each: str(each.run.spec.batch_size))
def test_trained_again_it_is_the_same(recorded: RecordedRun) -> None:
    from batchviz.training import run_spec

    reports: list[Report] = []
    outcome = run_spec(recorded.run.spec, reports.append)
    assert outcome.progress.updates == recorded.run.progress.updates
    rows = np.isfinite(recorded.rows["loss"])  # the ends of epochs, without what was measured inside them
    assert rows.sum() == 10
    for name in ("updates", "examples", "loss", "metric", "train_loss", "val_loss", "val_metric"):
        trained = np.concatenate([report.epochs[name] for report in reports])[1:]
        np.testing.assert_allclose(trained, recorded.rows[name][rows], rtol=0, atol=1e-5, err_msg=name)


def test_the_sentence_tells_its_ends() -> None:
    runs = [recorded.run for recorded in opening().runs]
    small, large = (round(100 * run.final["val_metric"]) for run in (runs[0], runs[-1]))
    assert words.sentence(runs).replace("\N{NO-BREAK SPACE}", " ") == (
        "One network, 5 batch sizes: the same start, the same 1,437 handwritten digits, 10 epochs each. "
        f"Batch size 1 ends with {small} % of unseen digits read right, the full batch with {large} %."
    )
    # The question is about these two: it would mislead if the small batch did not end ahead.
    assert small > large
    assert runs[0].progress.updates > 100 * runs[-1].progress.updates


def test_every_measurement_plays() -> None:
    for run, rows, _ in opening().runs:
        assert list(rows) == list(SERIES["epochs"].names)
        assert np.isfinite(rows["val_metric"]).all()
        assert rows["updates"][-1] == run.progress.updates
