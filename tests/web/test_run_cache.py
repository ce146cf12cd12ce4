"""Who reads long runs keeps nobody waiting who reads others."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from batchviz.experiment.spec import RunSpec
from batchviz.store import Cursor, RunDelta, Store
from batchviz.web.row_memory import RowMemory
from batchviz.web.run_cache import RunCache
from tests.store.reports import outcome, report


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'batchviz.db'}")


def trained(store: Store, seed: int) -> str:
    run = store.queue.add([RunSpec(seed=seed)], "ada", "here")[0]
    store.queue.claim("runner")
    store.attempts.append(run.id, 1, report())
    store.attempts.finish(run.id, 1, outcome())
    return run.id


def test_a_long_read_holds_up_those_alone_who_ask_for_the_same_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, other, third = (trained(store, seed) for seed in range(3))
    cache, begun, may_end, reads = RunCache(RowMemory()), threading.Event(), threading.Event(), list[str]()
    since = store.series.since

    def reading(cursors: Mapping[str, Cursor], **options: Any) -> dict[str, RunDelta]:
        reads.extend(cursors)
        if slow in cursors:
            begun.set()
            assert may_end.wait(30)
        return since(cursors, **options)

    monkeypatch.setattr(store.series, "since", reading)

    def asked(*run_ids: str) -> list[int]:
        with cache.up_to_date(store, run_ids) as runs:
            return [runs[run_id].updates.updates for run_id in run_ids]

    with ThreadPoolExecutor(8) as people:
        try:
            first = people.submit(asked, slow, other)
            assert begun.wait(30)
            assert people.submit(asked, third).result(10) == [10]
            same = [people.submit(asked, *pair) for pair in ((other, slow), (slow, other), (third, slow))]
            assert not first.done()
        finally:
            may_end.set()
        assert [task.result(30) for task in (first, *same)] == [[10, 10]] * 4
    assert sorted(reads) == sorted([slow, other, third]), "each was read once"
