"""Runs from asked for to handed out: adding, fair claiming, stopping, starting again."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, update

from batchviz.errors import StoreError
from batchviz.experiment.records import Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store.database import Database
from batchviz.store.inserts import insert_attempt, insert_run, put_on_shelf
from batchviz.store.rows import find, lock_attempt, select_runs, to_run, to_spec
from batchviz.store.tables import attempt, run

MAX_LOSSES = 2
"""Workers that may die under one run before it is given up: the run itself is then the likeliest cause."""


class Measurement(NamedTuple):
    """What one update of a finished run took on this machine."""

    spec: RunSpec
    seconds_per_update: float


class Queue(Database):
    """The database as a queue of runs."""

    def add_run(self, spec: RunSpec, owner: str, fingerprint: str) -> Run:
        """Queue a run, or answer with one that exists.

        A finished run (done or diverged) of the same spec and numerics answers at once, whoever asked for
        it. The same owner's queued or running one is handed back too, so that a double click starts nothing
        twice. Imported runs answer nobody. Either way the run is on the owner's shelf afterwards.
        """
        (added,) = self.add_runs([spec], owner, fingerprint)
        return added

    def add_runs(self, specs: Sequence[RunSpec], owner: str, fingerprint: str) -> list[Run]:
        """Queue runs as `add_run` does, in one transaction: all of them, or none when the database refuses."""
        # Only what this owner asks for twice at once can be started twice: finished runs stay as they are.
        with self.writing(alone_with=f"runs of {owner}") as connection:
            return [_add(connection, spec, owner, fingerprint) for spec in specs]

    def claim(self, runner: str) -> Run | None:
        """The next run to train, now marked running; None when nothing waits.

        Fair between owners: the one with the fewest running, then the one least recently served, then the
        oldest.
        """
        with self.writing(alone_with="claim") as connection:
            first = connection.execute(_waiting().limit(1)).first()
            if first is None:
                return None
            now = time.time()
            connection.execute(
                update(run)
                .where(run.c.id == first.id)
                .values(status=Status.RUNNING, started=now, finished=None)
            )
            mine = (attempt.c.run_id == first.id) & (attempt.c.number == first.attempt)
            connection.execute(update(attempt).where(mine).values(worker=runner, beat=now))
            return to_run(connection.execute(select_runs().where(run.c.id == first.id)).one())

    def anything_queued(self) -> bool:
        """Whether a claim would find a run. Cheap enough to ask fifty times a second."""
        with self.reading() as connection:
            return connection.execute(_ANY_QUEUED).first() is not None

    def queue_positions(self) -> dict[str, int]:
        """Every queued run and how many are ahead of it, as the queue stands."""
        with self.reading() as connection:
            return {row.public_id: index for index, row in enumerate(connection.execute(_waiting()))}

    def request_stop(self, run_id: str, owner: str) -> Run:
        """Stop a run: at once when it is queued, soon when it is running, not at all when it is over.

        Raises StoreError when somebody else started it.
        """
        with self.writing() as connection:
            row = find(connection, run_id, lock=True)
            if row.owner != owner:
                raise StoreError("Only the visitor who started a run can stop it.")
            ask_to_stop(connection, row)
            return to_run(connection.execute(select_runs().where(run.c.id == row.id)).one())

    def lost(self, run_id: str, number: int, cause: str) -> Status:
        """The worker of an attempt died of `cause` ("its worker was killed"): start the run again, once.

        What the lost attempt recorded stays on show until the new one has recorded as much. Returns where
        the run stands now; raises StaleAttempt when the attempt had ended anyway.
        """
        with self.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            if row.losses + 1 >= MAX_LOSSES:
                reason = (
                    f"Given up: {cause}, for the second time. Too little memory is the usual cause; "
                    "try a smaller network, fewer rows or a smaller batch size."
                )
                values: dict[str, Any] = {"status": Status.FAILED, "reason": reason, "finished": time.time()}
                connection.execute(
                    update(run).where(run.c.id == row.id).values(losses=row.losses + 1, **values)
                )
                return Status.FAILED
            return _again(connection, row, f"Started again, because {cause}.", losses=row.losses + 1)

    def release(self, run_id: str, number: int, cause: str) -> Status:
        """Put a run back that was interrupted through no fault of its own, such as the server's stop."""
        with self.writing() as connection:
            row = lock_attempt(connection, run_id, number)
            return _again(connection, row, f"Started again, because {cause}.", losses=row.losses)

    def run(self, run_id: str) -> Run:
        """One run. Raises StoreError when there is none."""
        found = self.runs([run_id])
        if run_id not in found:
            with self.reading() as connection:
                find(connection, run_id)
        return found[run_id]

    def runs(self, run_ids: Sequence[str]) -> dict[str, Run]:
        """The runs that exist, by id, in the order asked for; one SELECT."""
        with self.reading() as connection:
            rows = connection.execute(select_runs().where(run.c.public_id.in_(run_ids)))
            found = {record.id: record for record in map(to_run, rows)}
        return {run_id: found[run_id] for run_id in run_ids if run_id in found}

    def measurements(self, fingerprint: str, limit: int = 500) -> list[Measurement]:
        """What finished runs with these numerics took, newest first: the base of every expected time."""
        query = (
            select(run.c.spec, run.c.final)
            .where(run.c.status == Status.DONE, run.c.fingerprint == fingerprint, run.c.source == Source.HERE)
            .order_by(run.c.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            found = [(to_spec(row.spec), json.loads(row.final)) for row in connection.execute(query)]
        return [
            Measurement(spec, final["seconds_per_update"])
            for spec, final in found
            if "seconds_per_update" in final
        ]


def _add(connection: Connection, spec: RunSpec, owner: str, fingerprint: str) -> Run:
    same = (run.c.spec_hash == spec.hash) & (run.c.fingerprint == fingerprint) & (run.c.source == Source.HERE)
    finished = run.c.status.in_([Status.DONE, Status.DIVERGED])
    under_way = run.c.status.in_([Status.QUEUED, Status.RUNNING]) & (run.c.owner == owner)
    # One that is being stopped will not reach its end: asking for it again means a new one.
    usable = finished | (under_way & run.c.stop_requested.is_(False))
    known = connection.execute(select_runs().where(same, usable).order_by(finished.desc(), run.c.id)).first()
    if known is not None:
        put_on_shelf(connection, owner, [known._mapping[run.c.id]])
        return to_run(known)
    key = insert_run(connection, spec, owner, fingerprint)
    put_on_shelf(connection, owner, [key])
    return to_run(connection.execute(select_runs().where(run.c.id == key)).one())


def _waiting() -> Select[Any]:
    """Queued runs in the order in which they would be handed out, were nothing to change."""
    others, earlier = run.alias("others"), run.alias("earlier")
    running = (
        select(func.count())
        .where(others.c.owner == run.c.owner, others.c.status == Status.RUNNING)
        .correlate(run)
        .scalar_subquery()
    )
    served: ColumnElement[Any] = (
        select(func.max(earlier.c.started))
        .where(earlier.c.owner == run.c.owner)
        .correlate(run)
        .scalar_subquery()
    )
    turn = func.row_number().over(partition_by=run.c.owner, order_by=run.c.id)
    return (
        select(run.c.id, run.c.public_id, run.c.attempt)
        .where(run.c.status == Status.QUEUED)
        .order_by(running + turn, func.coalesce(served, 0.0), run.c.id)
    )


_ANY_QUEUED = select(run.c.id).where(run.c.status == Status.QUEUED).limit(1)


def _again(connection: Connection, row: Row[Any], reason: str, *, losses: int) -> Status:
    if row.stop_requested:
        _stop(connection, row)
        return Status.STOPPED
    insert_attempt(connection, row.id, row.attempt + 1)
    connection.execute(
        update(run)
        .where(run.c.id == row.id)
        .values(status=Status.QUEUED, attempt=row.attempt + 1, reason=reason, losses=losses)
    )
    return Status.QUEUED


def ask_to_stop(connection: Connection, row: Row[Any]) -> None:
    """End a queued run, ask a running one to end; nothing for one that is over."""
    if row.status == Status.QUEUED:
        _stop(connection, row)
    elif row.status == Status.RUNNING:
        connection.execute(update(run).where(run.c.id == row.id).values(stop_requested=True))


def _stop(connection: Connection, row: Row[Any]) -> None:
    reason = "Stopped before it began." if row.started is None else "Stopped."
    connection.execute(
        update(run)
        .where(run.c.id == row.id)
        .values(
            status=Status.STOPPED,
            reason=reason,
            stop_requested=True,
            finished=time.time(),
            final=json.dumps({}),
        )
    )
