"""The table beside the chart: numbers as recorded."""

import math

import numpy as np
import pandas as pd
import pytest

from batchviz.analysis.comparison import compare
from batchviz.experiment.records import Source, Status
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made, together, training


def rows_of(*found, **asked):
    runs, series = together(*found)
    return compare(runs, series, **asked).table


def test_numbers_are_those_of_pandas_over_the_recorded_rows():
    specs = [RunSpec(batch_size=b, budget=4, seed=seed) for b in (64, "full") for seed in range(3)]
    runs, series = training(specs)
    table = compare(runs, series, unit="updates").table
    for row, size in zip(table.rows, (64, 800), strict=True):
        of = [run for run in runs if run.plan.first.batch_size == size]
        every = pd.concat(pd.DataFrame(series[run.id]).astype(float).assign(run=run.id) for run in of)
        ends = every.groupby("run").last()
        assert row.final.mean == pytest.approx(ends["val_loss"].mean())
        assert (row.final.low, row.final.high) == pytest.approx(
            (ends["val_loss"].min(), ends["val_loss"].max())
        )
        assert row.best.mean == pytest.approx(every.groupby("run")["val_loss"].min().mean())
        assert row.gap.mean == pytest.approx((ends["val_loss"] - ends["train_loss"]).mean())
        assert row.updates.mean == ends["updates"].mean()
        assert row.took.mean == pytest.approx(np.mean([run.progress.seconds for run in of]))
        at = [series[run.id]["val_loss"][list(series[run.id]["updates"]).index(4)] for run in of]
        assert row.at_budget.mean == pytest.approx(np.mean(at))
        assert row.measured
        assert row.seeds == 3


def test_only_what_differs_is_a_column():
    table = rows_of(made(RunSpec(batch_size=8)), made(RunSpec(learning_rate=0.1)))
    assert [field.title for field in table.fields] == ["Learning rate", "Batch size"]
    assert [row.fields for row in table.rows] == [("0.001", "8"), ("0.1", "32")]


def test_the_best_value_comes_with_its_epoch():
    assert rows_of(made(values=[1, 0.2, 0.5])).rows[0].best.mean == pytest.approx(0.2)
    assert rows_of(made(values=[1, 0.2, 0.5])).rows[0].best_epoch.mean == 1
    digits = made(RunSpec(dataset="digits"), [0.1, 0.9, 0.5])
    assert rows_of(digits, metric="val_metric").rows[0].best.mean == pytest.approx(0.9)
    assert rows_of(digits, metric="val_loss").rows[0].best.mean == pytest.approx(0.1)


def test_what_was_not_measured_is_no_number():
    history = made(values=[1, 0.5], source=Source.HISTORY, train_loss=[math.nan] * 2)
    row = rows_of(history).rows[0]
    assert (row.took.seeds, row.gap.seeds) == (0, 0)
    assert math.isnan(row.took.mean)
    assert rows_of(made(values=[1.0], status=Status.QUEUED)).rows[0].final.mean == 1


def test_statuses_are_counted_and_a_run_without_rows_has_none():
    found = rows_of(
        made(RunSpec(seed=0)),
        made(RunSpec(seed=1), status=Status.STOPPED),
        made(RunSpec(seed=2), [], status=Status.FAILED),
    )
    assert found.rows[0].statuses == {Status.DONE: 1, Status.STOPPED: 1, Status.FAILED: 1}
    assert found.rows[0].final.seeds == 2


@pytest.mark.parametrize("status", [Status.DIVERGED, Status.FAILED])
def test_a_seed_that_broke_has_no_value_as_in_the_ranking_whatever_its_last_row(status):
    found = rows_of(
        made(RunSpec(seed=0), [1, 0.25]),
        made(RunSpec(seed=1), [1, 9.0], status=status),
        made(RunSpec(batch_size=8, seed=0), [1, 0.5]),
        made(RunSpec(batch_size=8, seed=1), [1, math.nan]),
        made(RunSpec(batch_size=64), [1, 0.5]),
        unit="epochs",
    )
    whole, broken, single = found.rows
    for row, end in ((whole, 0.5), (broken, 0.25)):
        assert (row.final.mean, row.at_budget.mean) == (end, end)
        assert (row.final.seeds, row.at_budget.seeds, row.seeds) == (1, 1, 2)
    assert (broken.best.mean, broken.updates.seeds, broken.survivors) == (0.25, 2, True)
    assert not single.survivors


def test_a_group_whose_every_seed_broke_has_no_values_and_flatters_nobody():
    row = rows_of(made(values=[1, 9.0], status=Status.DIVERGED)).rows[0]
    assert (row.final.seeds, row.best.seeds, row.survivors) == (0, 0, False)


def test_a_cell_runs_from_the_lowest_seed_to_the_highest():
    found = rows_of(*(made(RunSpec(seed=s), [1, end]) for s, end in enumerate((0.1, 0.2, 0.24))))
    final = found.rows[0].final
    assert (final.mean, final.low, final.high) == pytest.approx((0.18, 0.1, 0.24))


def test_no_runs_make_an_empty_table():
    assert rows_of().rows == ()
