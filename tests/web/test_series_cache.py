"""The rows of a comparison: bounded whatever the runs' lengths, read a run at a time, and only once."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.web import limits, series_cache
from batchviz.web.row_memory import RowMemory
from batchviz.web.run_cache import RunCache
from tests.store.reports import outcome, report

LONG = RunSpec(rows=2, batch_size="full", budget_unit="updates", budget=200_000)


class Counting(Store):
    """A store that remembers which runs and how many rows were read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"sqlite:///{path}")
        self.reads: list[tuple[list[str], int]] = []
        read = self.series.since

        def since(cursors: Any, **options: Any) -> Any:
            deltas = read(cursors, **options)
            rows = sum(len(part.epochs["loss"]) + len(part.updates["loss"]) for part in deltas.values())
            self.reads.append((list(cursors), rows))
            return deltas

        self.series.since = since  # type: ignore[method-assign]


@pytest.fixture
def store(tmp_path: Path) -> Counting:
    return Counting(tmp_path / "batchviz.db")


def started(store: Store, seed: int = 0) -> Run:
    run = store.queue.add([LONG.replace(seed=seed)], "ada", "here")[0]
    store.queue.claim("runner")
    return store.runs.get(run.id)


def recorded(store: Store, updates: int, *, epochs: int = 1, seed: int = 0) -> Run:
    """A run that is over, its losses noise."""
    run, random = started(store, seed), np.random.default_rng(seed)
    made = report(0, updates, epochs=epochs)
    made.updates["loss"][:] = random.random(updates)
    made.updates["batch_size"][:] = 2
    made.epochs["val_loss"][:] = random.random(epochs)
    store.attempts.append(run.id, 1, made)
    store.attempts.finish(run.id, 1, outcome())
    return store.runs.get(run.id)


def test_short_runs_are_read_together_and_whole(store: Counting) -> None:
    runs = [recorded(store, 10, epochs=11, seed=seed) for seed in range(5)]
    found = series_cache.epochs(store, runs)
    assert len(store.reads) == 1
    assert all("number" not in series and len(series["loss"]) == 11 for series in found.values())


def test_of_a_very_long_run_the_first_epochs_and_every_extreme_are_compared(store: Counting) -> None:
    run = recorded(store, 10, epochs=150_000)
    whole = store.series.whole([run.id])[run.id]["val_loss"]
    found = series_cache.epochs(store, [run])[run.id]
    assert len(found["loss"]) <= limits.MAX_CACHED_EPOCH_ROWS
    assert (found["val_loss"].min(), found["val_loss"].max()) == (whole.min(), whole.max())
    assert np.array_equal(found["val_loss"], whole[found["number"].astype(int)])


def test_single_updates_are_read_a_run_at_a_time_in_pieces_and_once(store: Counting) -> None:
    runs = [recorded(store, 150_000, seed=seed) for seed in range(3)]
    store.reads.clear()
    found = series_cache.updates(store, runs)
    assert all(len(ids) == 1 and count <= series_cache.ROWS_AT_ONCE for ids, count in store.reads)
    assert sum(count for _, count in store.reads) == 3 * 150_000
    for run in runs:
        series, whole = found[run.id], store.series.whole([run.id], "updates")[run.id]
        assert len(series["loss"]) <= limits.MAX_CACHED_UPDATE_ROWS
        assert (series["loss"].min(), series["loss"].max()) == (whole["loss"].min(), whole["loss"].max())
        assert series["examples"].tolist() == (2 * (series["number"] + 1)).tolist()
    store.reads.clear()
    assert (
        series_cache.updates(store, runs)[runs[0].id]["loss"].tolist() == found[runs[0].id]["loss"].tolist()
    )
    assert store.reads == []


def test_of_a_run_that_trains_only_what_is_new_is_read(store: Counting) -> None:
    run = started(store)
    store.attempts.append(run.id, 1, report(0, 1000))
    assert len(series_cache.updates(store, [run])[run.id]["loss"]) == 1000
    store.attempts.append(run.id, 1, report(1000, 50))
    store.reads.clear()
    assert len(series_cache.updates(store, [run])[run.id]["loss"]) == 1050
    assert [count for _, count in store.reads] == [50]


def test_a_run_started_again_is_read_anew(store: Counting) -> None:
    run = started(store)
    store.attempts.append(run.id, 1, report(0, 1000))
    series_cache.updates(store, [run])
    store.attempts.worker_crashed(run.id, 1, "its worker was killed")
    store.queue.claim("runner")
    store.attempts.append(run.id, 2, report(0, 1200))
    assert len(series_cache.updates(store, [store.runs.get(run.id)])[run.id]["loss"]) == 1200


def test_both_caches_of_runs_together_stay_below_one_limit(
    store: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = RowMemory(120_000)
    monkeypatch.setattr(series_cache, "SHARED", memory)
    runs = [recorded(store, 1000, seed=seed) for seed in range(6)]
    cache = RunCache(memory)
    for run in runs:
        with cache.up_to_date(store, [run.id]):
            pass
        series_cache.updates(store, [run])
        assert memory.nbytes <= 120_000
    store.reads.clear()
    series_cache.updates(store, runs[-1:])  # the last ones are there still
    assert cache.final([runs[-1].id]) is not None
    assert store.reads == []
    assert cache.final([runs[0].id]) is None
    series_cache.updates(store, runs[:1])  # the first ones had to go, and are read again
    assert [count for _, count in store.reads] == [1000]


def test_without_any_room_everything_is_answered_and_nothing_kept(
    store: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = RowMemory(1)
    monkeypatch.setattr(series_cache, "SHARED", memory)
    run = recorded(store, 10)
    with RunCache(memory).up_to_date(store, [run.id]) as runs:
        assert runs[run.id].updates.updates == 10
    assert len(series_cache.updates(store, [run])[run.id]["loss"]) == 10
    assert memory.nbytes == 0
