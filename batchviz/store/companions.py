"""Which queued runs are handed out together: those of a sweep that one worker trains as one computation."""

from __future__ import annotations

from sqlalchemy import Connection, select

from batchviz.experiment.cost import SHORT_SECONDS
from batchviz.experiment.replica_groups import groups
from batchviz.store.limits import MAX_TOGETHER
from batchviz.store.rows import READY, to_spec
from batchviz.store.tables import run

_ALIKE = ("owner", "dataset", "batch_size", "fingerprint", "measure_at", "background", "of_sweep", "long")
"""Columns in which they agree, before their specs are looked at."""


def companions(connection: Connection, key: int) -> list[int]:
    """Keys of the queued runs that are handed out with this one, which comes first; its own where there are none.

    A visitor's own run waits for such a group no longer than for a single short run: it is expected to take no more. A
    run whose worker died goes alone from then on, so that it takes no others with it.
    """
    first = connection.execute(select(run).where(run.c.id == key)).one()
    if not first.of_sweep or first.background or first.long or first.worker_crashes:
        return [key]
    alike = [run.c[name] == getattr(first, name) for name in _ALIKE]
    others = (
        select(run.c.id, run.c.spec)
        .where(READY, run.c.id != key, run.c.worker_crashes == 0, *alike)
        .order_by(run.c.id)
        .limit(MAX_TOGETHER - 1)
    )
    keys = {to_spec(row.spec): int(row.id) for row in [first, *connection.execute(others)]}
    return [keys[spec] for spec in groups(list(keys), SHORT_SECONDS)[0]]
