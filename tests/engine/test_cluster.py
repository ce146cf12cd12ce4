"""Beyond one machine: a real Dask scheduler, real workers, a real PostgreSQL."""

from __future__ import annotations

import pytest

from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Status
from tests.engine.conftest import LONG, SHORT, Installation
from tests.engine.dask_cluster import DaskCluster

pytestmark = pytest.mark.timeout(120)


def test_a_dask_worker_trains_a_run_whose_points_are_seen_live(
    elsewhere: Installation, dask_cluster: DaskCluster
) -> None:
    done = elsewhere.becomes(elsewhere.add(SHORT), Status.DONE)
    assert elsewhere.shown(done) == plan_for(SHORT).updates == done.progress.updates
    run = elsewhere.training(LONG, updates=200)
    assert elsewhere.worker(run) in dask_cluster.worker_processes()
    count = elsewhere.shown(run)
    elsewhere.until(lambda: elsewhere.shown(run) > count)
    elsewhere.end(run)
    assert elsewhere.store.runs.get(run.id).status == Status.STOPPED
