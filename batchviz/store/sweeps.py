"""Sweeps: many runs asked for as one. Their runs are ordinary rows, found again where they exist.

Runs are added some at a time, so that no other writer waits long; what a crash left out, the engine adds. Which runs
a sweep has follows from its spec and from its rows: whoever comes back after a restart finds everything here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from batchviz.errors import StoreError
from batchviz.experiment.environment import fingerprint
from batchviz.experiment.moments import of_a_sweep
from batchviz.experiment.records import Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store.database import Database
from batchviz.store.inserts import unguessable_id
from batchviz.store.limits import MAX_SWEEPS
from batchviz.store.queue import ask_to_stop, find_or_insert
from batchviz.store.quotas import Quotas
from batchviz.store.rows import UNFINISHED, select_runs, to_run
from batchviz.store.tables import run, sweep, sweep_run

RUNS_AT_ONCE = 25
"""In one transaction: some 50 milliseconds, for which every other writer waits."""


class SweepState(StrEnum):
    """Where a sweep stands."""

    RUNNING = "running"
    PAUSED = "paused"
    """Its runs wait, but for those under way."""
    STOPPED = "stopped"
    DONE = "done"

    @property
    def under_way(self) -> bool:
        """Whether more may come of it without anybody asking for it again."""
        return self in (SweepState.RUNNING, SweepState.PAUSED)


@dataclass(frozen=True)
class Sweep:
    """One sweep. Times are Unix seconds."""

    id: str
    owner: str
    spec: SweepSpec
    fingerprint: str
    state: SweepState
    reason: str
    """Why it was stopped, if not by its owner."""
    created: float
    finished: float | None
    added: int
    """Runs that are in the queue or were. Those at the chosen rates come once all others have ended."""
    ended: int
    training: int


class Sweeps:
    """The sweeps of an installation. Whoever knows the id of one may look at it; only its owner may change it."""

    def __init__(self, database: Database, quotas: Quotas) -> None:
        self._database, self._quotas = database, quotas

    def add(self, spec: SweepSpec, owner: str, numerics: str | None = None) -> Sweep:
        """Queue the runs of a sweep, behind everything else. The owner's own that is under way answers for itself.

        Raises StoreError for one too many at the same time, one that is too large for this server, and where too much
        is kept already.
        """
        self._quotas.check_sweep(spec.count_runs())
        numerics = numerics or fingerprint()
        with self._database.writing(alone_with=f"sweeps of {owner}") as connection:
            under_way = (sweep.c.owner == owner) & sweep.c.deleted.is_(None) & _UNDER_WAY
            same = under_way & (sweep.c.spec_hash == spec.hash) & (sweep.c.fingerprint == numerics)
            sweep_id = connection.execute(select(sweep.c.public_id).where(same)).scalar()
            if sweep_id is None:
                self._quotas.check_bytes(connection, owner, "")
                count = connection.execute(
                    select(func.count()).select_from(sweep).where(under_way)
                ).scalar_one()
                if count >= MAX_SWEEPS:
                    raise StoreError(
                        f"{count} of your sweeps are under way, the most there can be. Wait until one has ended, or "
                        "stop one."
                    )
                sweep_id = unguessable_id()
                connection.execute(
                    insert(sweep).values(
                        public_id=sweep_id,
                        owner=owner,
                        spec=spec.model_dump_json(),
                        spec_hash=spec.hash,
                        fingerprint=numerics,
                        state=SweepState.RUNNING,
                        reason="",
                        created=time.time(),
                    )
                )
        self.fill(sweep_id, spec.selection_specs)
        return self.get(sweep_id)

    def fill(self, sweep_id: str, specs: Sequence[RunSpec]) -> int:
        """Queue those of its runs that it does not have yet; how many. None once it is stopped or deleted."""
        added = 0
        filled = self.get(sweep_id)
        measure_at = of_a_sweep(filled.spec)
        for start in range(0, len(specs), RUNS_AT_ONCE):
            part = specs[start : start + RUNS_AT_ONCE]
            with self._database.writing(alone_with=f"runs of {filled.owner}") as connection:
                row = _find(connection, sweep_id, lock=True)
                if not SweepState(row.state).under_way:
                    return added
                there = set(
                    connection.execute(
                        select(sweep_run.c.spec_hash).where(
                            sweep_run.c.sweep_id == row.id,
                            sweep_run.c.spec_hash.in_([spec.hash for spec in part]),
                        )
                    ).scalars()
                )
                last = select(func.max(sweep_run.c.place)).where(sweep_run.c.sweep_id == row.id)
                place = connection.execute(last).scalar()
                place = -1 if place is None else place
                for spec in (spec for spec in part if spec.hash not in there):
                    key = find_or_insert(
                        connection,
                        spec,
                        row.owner,
                        row.fingerprint,
                        measure_at=measure_at[spec.batch_size],
                        of_sweep=True,
                        held=row.state == SweepState.PAUSED,
                    )
                    place += 1
                    connection.execute(
                        insert(sweep_run).values(
                            sweep_id=row.id, spec_hash=spec.hash, run_id=key, place=place
                        )
                    )
                    added += 1
        return added

    def get(self, sweep_id: str) -> Sweep:
        """One sweep. Raises StoreError when there is none."""
        with self._database.reading() as connection:
            row = connection.execute(_select().where(sweep.c.public_id == sweep_id, _VISIBLE)).first()
            if row is None:
                raise _missing(sweep_id)
            return _to_sweep(row)

    def list(self, owner: str, limit: int = 100) -> Sequence[Sweep]:
        """A visitor's, newest first."""
        query = _select().where(sweep.c.owner == owner, _VISIBLE).order_by(sweep.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_to_sweep(row) for row in connection.execute(query)]

    def running(self) -> Sequence[Sweep]:
        """Everybody's that are neither paused nor over, oldest first."""
        with self._database.reading() as connection:
            if connection.execute(select(sweep.c.id).where(_IS_RUNNING).limit(1)).first() is None:
                return []
            return [
                _to_sweep(row)
                for row in connection.execute(_select().where(_IS_RUNNING).order_by(sweep.c.id))
            ]

    def runs(self, sweep_id: str) -> Sequence[Run]:
        """Its runs in the order in which they were asked for, without those that were deleted."""
        query = (
            select_runs()
            .join(sweep_run, sweep_run.c.run_id == run.c.id)
            .join(sweep, sweep.c.id == sweep_run.c.sweep_id)
            .where(sweep.c.public_id == sweep_id, _VISIBLE)
            .order_by(sweep_run.c.place)
        )
        with self._database.reading() as connection:
            return [to_run(row) for row in connection.execute(query)]

    def count_ahead(self, sweep_id: str) -> int:
        """Runs of its owner's other sweeps that come before its own next one."""
        of_this = (sweep_run.c.sweep_id == sweep.c.id) & (sweep.c.public_id == sweep_id)
        own = select(run.c.id).join(sweep_run, sweep_run.c.run_id == run.c.id).join(sweep, of_this)
        next_own = own.where(UNFINISHED).order_by(run.c.id).limit(1).scalar_subquery()
        owner = select(sweep.c.owner).where(sweep.c.public_id == sweep_id).scalar_subquery()
        ahead = (run.c.owner == owner) & run.c.of_sweep & ~run.c.held & UNFINISHED & (run.c.id < next_own)
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(run).where(ahead)).scalar_one())

    def pause(self, sweep_id: str, owner: str) -> Sweep:
        """Hold its runs back; those under way train to their end."""
        return self._change(sweep_id, owner, SweepState.PAUSED, from_states=(SweepState.RUNNING,))

    def go_on(self, sweep_id: str, owner: str) -> Sweep:
        """Go on with a paused sweep, or with one that was stopped: what was stopped or failed is trained anew."""
        paused, stopped = SweepState.PAUSED, SweepState.STOPPED
        resumed = self._change(sweep_id, owner, SweepState.RUNNING, from_states=(paused, stopped))
        self.fill(sweep_id, resumed.spec.selection_specs)
        return self.get(sweep_id)

    def stop(self, sweep_id: str, owner: str) -> Sweep:
        """End it: what waits is stopped at once, what trains soon. What has ended stays."""
        return self._change(
            sweep_id, owner, SweepState.STOPPED, from_states=(SweepState.RUNNING, SweepState.PAUSED)
        )

    def finish(self, sweep_id: str, state: SweepState = SweepState.DONE, reason: str = "") -> None:
        """Nothing more comes of it, unless it was ended by somebody meanwhile."""
        with self._database.writing() as connection:
            connection.execute(
                update(sweep)
                .where(sweep.c.public_id == sweep_id, _IS_RUNNING)
                .values(state=state, reason=reason, finished=time.time())
            )

    def delete(self, sweep_id: str, owner: str) -> None:
        """Stop a sweep and take it out of sight. Its runs stay in the library."""
        self.stop(sweep_id, owner)
        with self._database.writing() as connection:
            connection.execute(
                update(sweep)
                .where(sweep.c.public_id == sweep_id, sweep.c.owner == owner)
                .values(deleted=time.time())
            )

    def restore(self, sweep_id: str, owner: str) -> bool:
        """Undo `delete`, as long as nothing was purged; whether it is back. It stays stopped."""
        with self._database.writing() as connection:
            this = (sweep.c.public_id == sweep_id) & (sweep.c.owner == owner)
            return connection.execute(update(sweep).where(this).values(deleted=None)).rowcount > 0

    def _change(
        self, sweep_id: str, owner: str, to: SweepState, *, from_states: tuple[SweepState, ...]
    ) -> Sweep:
        """Nothing happens in any other state: a second click does no harm."""
        with self._database.writing(alone_with=f"runs of {owner}") as connection:
            row = _find(connection, sweep_id, lock=True)
            if row.owner != owner:
                raise StoreError("Only the visitor who started a sweep can pause, stop or delete it.")
            if row.state in from_states:
                over = time.time() if to is SweepState.STOPPED else None
                connection.execute(
                    update(sweep).where(sweep.c.id == row.id).values(state=to, finished=over, reason="")
                )
                self._tell_runs(connection, row, to)
        return self.get(sweep_id)

    def _tell_runs(self, connection: Connection, row: Row[Any], to: SweepState) -> None:
        of_this = run.c.id.in_(select(sweep_run.c.run_id).where(sweep_run.c.sweep_id == row.id))
        alone = [of_this, run.c.of_sweep, UNFINISHED, ~_wanted_by_another(row.id)]
        if to is SweepState.PAUSED:
            connection.execute(update(run).where(*alone).values(held=True))
        elif to is SweepState.STOPPED:
            for each in connection.execute(select(run).where(*alone)).all():
                ask_to_stop(connection, each)
        else:
            connection.execute(update(run).where(of_this, run.c.held).values(held=False))
            broken = select(run.c.id).where(
                of_this,
                or_(
                    run.c.status.in_([Status.STOPPED, Status.FAILED]),
                    run.c.stop_requested & UNFINISHED,
                ),
            )
            connection.execute(
                delete(sweep_run).where(sweep_run.c.sweep_id == row.id, sweep_run.c.run_id.in_(broken))
            )


_VISIBLE = sweep.c.deleted.is_(None)
_UNDER_WAY = sweep.c.state.in_([SweepState.RUNNING, SweepState.PAUSED])
_IS_RUNNING = (sweep.c.state == SweepState.RUNNING) & _VISIBLE


def _wanted_by_another(key: int) -> ColumnElement[bool]:
    """Whether a sweep that goes on has the run as well."""
    other, of_other = sweep.alias("other"), sweep_run.alias("of_other")
    return exists().where(
        of_other.c.run_id == run.c.id,
        of_other.c.sweep_id != key,
        other.c.id == of_other.c.sweep_id,
        other.c.state == SweepState.RUNNING,
        other.c.deleted.is_(None),
    )


def _select() -> Select[Any]:
    """Sweeps with the numbers of their runs; one that was deleted has ended."""
    over = or_(~UNFINISHED, run.c.deleted.is_not(None))
    counts = (
        select(
            sweep_run.c.sweep_id,
            func.count().label("added"),
            func.sum(case((over, 1), else_=0)).label("ended"),
            func.sum(case(((run.c.status == Status.RUNNING) & ~over, 1), else_=0)).label("training"),
        )
        .join(run, run.c.id == sweep_run.c.run_id)
        .group_by(sweep_run.c.sweep_id)
        .subquery()
    )
    return select(sweep, counts.c.added, counts.c.ended, counts.c.training).outerjoin(
        counts, counts.c.sweep_id == sweep.c.id
    )


def _find(connection: Connection, sweep_id: str, *, lock: bool = False) -> Row[Any]:
    query = select(sweep).where(sweep.c.public_id == sweep_id, _VISIBLE)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise _missing(sweep_id)
    return row


def _missing(sweep_id: str) -> StoreError:
    return StoreError(
        f"There is no sweep {sweep_id[:40]!r} here: it was deleted, or the link is damaged or comes from another "
        "installation. Its runs, if it had any, are in the library of whoever started it."
    )


def _to_sweep(row: Row[Any]) -> Sweep:
    return Sweep(
        id=row.public_id,
        owner=row.owner,
        spec=SweepSpec.model_validate_json(row.spec),
        fingerprint=row.fingerprint,
        state=SweepState(row.state),
        reason=row.reason,
        created=row.created,
        finished=row.finished,
        added=row.added or 0,
        ended=row.ended or 0,
        training=row.training or 0,
    )
