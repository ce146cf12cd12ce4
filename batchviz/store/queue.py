"""Runs from asked for to handed out: adding, fair claiming, stopping."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    Select,
    Subquery,
    bindparam,
    func,
    or_,
    select,
    true,
    update,
)

from batchviz.errors import StoreError
from batchviz.experiment.environment import of_group
from batchviz.experiment.limits import MAX_MOMENTS
from batchviz.experiment.moments import moments, of_a_race
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store.companions import companions
from batchviz.store.database import Database
from batchviz.store.inserts import add_to_library, insert_run
from batchviz.store.quotas import Quotas
from batchviz.store.rows import READY, UNFINISHED, find, select_runs, to_run
from batchviz.store.tables import attempt, run


class Place(NamedTuple):
    """Of a run that waits."""

    ahead: int
    """Runs that are handed out before it."""
    seconds: float
    """Of training that is ahead of it on one worker, what trains now included; within a factor of about three."""


class Queue:
    """Runs that wait for a worker."""

    def __init__(self, database: Database, quotas: Quotas) -> None:
        self._database, self._quotas = database, quotas

    def add(
        self,
        specs: Sequence[RunSpec],
        owner: str,
        fingerprint: str,
        *,
        background: Sequence[RunSpec] = (),
        beside: Sequence[RunSpec] = (),
        inside_epochs: bool = True,
        network: str = "",
    ) -> list[Run]:
        """Queue a run of each spec, or answer with one that exists: all of them, or none when the database refuses.

        Those of `background` follow in the answer; they wait until no run of anybody's waits that is not of that kind.

        Each is measured where the others end, and those `beside`, so that they can be compared at equal budgets; or, if
        not `inside_epochs`, at the ends of its epochs alone.

        A finished run (done or diverged) of the same spec and numerics answers at once, whoever asked for
        it. The same owner's queued or running one is handed back too, so that a double click starts nothing
        twice. Imported runs answer nobody. Either way the run is in the owner's library afterwards.

        `network` is where the visitor asks from. Raises QuotaError where the new ones are more than a visitor, or
        all of that network, may have.
        """
        # Only what this owner asks for twice at once can be started twice: finished runs stay as they are.
        together = [*specs, *background]
        moments_of_runs = of_a_race(together, beside) if inside_epochs else [None] * len(together)
        waits = [False] * len(specs) + [True] * len(background)
        with self._database.writing(alone_with=f"runs of {owner}") as connection:
            last = connection.execute(select(func.coalesce(func.max(run.c.id), 0))).scalar_one()
            keys = [
                find_or_insert(connection, spec, owner, fingerprint, measure_at=moments, background=later)
                for spec, moments, later in zip(together, moments_of_runs, waits, strict=True)
            ]
            new = sorted({key for key in keys if key > last})
            connection.execute(update(run).where(run.c.id.in_(new)).values(network=network))
            self._quotas.check_runs(connection, owner, network, len(new))
            rows = _by_key(connection.execute(select_runs().where(run.c.id.in_(keys))))
            return [to_run(rows[key]) for key in keys]

    def claim(self, worker: str, *, most_long: int | None = None) -> Run | None:
        """The next run to train, now marked running; None when nothing waits.

        With `most_long` no more long runs than that train at once, whoever asked for them: the next short one is handed
        out before them.

        What is looked at goes before what was queued in the background, and that before what a sweep asked for. Fair
        between owners: the one with the fewest running, then the one least recently served, then the oldest.
        """
        with self._database.writing(alone_with="claim") as connection:
            first = connection.execute(_next(most_long)).first()
            return None if first is None else _hand_out(connection, [first.id], worker)[0]

    def claim_group(self, worker: str, *, most_long: int | None = None) -> list[Run]:
        """As `claim`; with a run of a sweep come those that are trained together with it. Empty when nothing waits."""
        with self._database.writing(alone_with="claim") as connection:
            first = connection.execute(_next(most_long)).first()
            if first is None:
                return []
            keys = companions(connection, first.id) if first.of_sweep else [first.id]
            return _hand_out(connection, keys, worker)

    def anything_queued(self) -> bool:
        """Whether a claim would find a run. Cheap enough to ask fifty times a second."""
        with self._database.reading() as connection:
            return connection.execute(_ANY_QUEUED).first() is not None

    def anything_unfinished(self) -> bool:
        """Whether any run waits or trains. Cheap."""
        with self._database.reading() as connection:
            return connection.execute(_ANY_UNFINISHED).first() is not None

    def unfinished_counts(self) -> dict[str, int]:
        """How many runs wait, and how many train."""
        counts = select(run.c.status, func.count()).where(UNFINISHED).group_by(run.c.status)
        with self._database.reading() as connection:
            return {str(status): int(count) for status, count in connection.execute(counts)}

    def places(self) -> dict[str, Place]:
        """Every queued run and what is ahead of it, as the queue stands."""
        now = time.time()
        with self._database.reading() as connection:
            training = connection.execute(_TRAINING).all()
            waiting = connection.execute(_waiting()).all()
        # Runs that one worker trains together began in the same moment, and take about as long as one.
        expected = {(row.owner, row.started): float(row.expected_seconds) for row in training}
        # A clock that was set back makes nothing last longer.
        seconds = sum(
            max(0.0, each - max(0.0, now - (began or now))) for (_, began), each in expected.items()
        )
        places = {}
        for ahead, row in enumerate(waiting):
            places[row.public_id] = Place(ahead, seconds)
            seconds += row.expected_seconds
        return places

    def request_stop(self, run_id: str, owner: str | None) -> Run:
        """Stop a run: at once when it is queued, soon when it is running, not at all when it is over.

        Raises StoreError when somebody else started it; an `owner` None stands for the administrator.
        """
        with self._database.writing() as connection:
            row = find(connection, run_id, lock=True)
            if owner is not None and row.owner != owner:
                raise StoreError("Only the visitor who started a run can stop it.")
            ask_to_stop(connection, row)
            return to_run(connection.execute(select_runs().where(run.c.id == row.id)).one())


def _hand_out(connection: Connection, keys: Sequence[int], worker: str) -> list[Run]:
    """These runs, now marked running, in this order."""
    now, claimed = time.time(), {"keys": keys}
    connection.execute(_START, {**claimed, "started": now})
    connection.execute(_SHOW_LIFE, {**claimed, "worker": worker, "beat": now})
    rows = _by_key(connection.execute(_STARTED, claimed))
    return [to_run(rows[key]) for key in keys if key in rows]


def _by_key(rows: Iterable[Row[Any]]) -> dict[int, Row[Any]]:
    return {row._mapping[run.c.id]: row for row in rows}


def find_or_insert(
    connection: Connection,
    spec: RunSpec,
    owner: str,
    fingerprint: str,
    *,
    measure_at: Collection[int] | None,
    background: bool = False,
    of_sweep: bool = False,
    held: bool = False,
) -> int:
    """The key of a run that answers for this spec, as `Queue.add` tells, or of a new one; it is in the library then.

    For a run of a sweep also one that was trained together with others.
    """
    numerics = [fingerprint, *([of_group(fingerprint)] if of_sweep else [])]
    same = (run.c.spec_hash == spec.hash) & run.c.fingerprint.in_(numerics) & (run.c.source == Source.HERE)
    finished = run.c.status.in_([Status.DONE, Status.DIVERGED])
    under_way = UNFINISHED & (run.c.owner == owner)
    # One that is being stopped will not reach its end: asking for it again means a new one.
    usable = finished | (under_way & run.c.stop_requested.is_(False))
    as_alone = run.c.fingerprint == fingerprint
    query = select_runs().where(same, usable).order_by(finished.desc(), as_alone.desc(), run.c.id)
    measured = [(row, to_run(row).measure_at) for row in connection.execute(query)]
    existing = next((row for row, updates in measured if _answers(spec, updates, measure_at)), None)
    if existing is not None:
        key = existing._mapping[run.c.id]
        add_to_library(connection, owner, [key])
        waits = {run.c[name]: existing._mapping[run.c[name]] for name in ("background", "of_sweep", "held")}
        # It waits no longer than the most urgent of those who asked for it.
        sooner = {
            run.c.background: waits[run.c.background] and (background or of_sweep),
            run.c.of_sweep: waits[run.c.of_sweep] and of_sweep,
            run.c.held: waits[run.c.held] and held,
        }
        if background and waits[run.c.of_sweep]:
            sooner[run.c.background] = True
        if sooner != waits:
            connection.execute(update(run).where(run.c.id == key).values(sooner))
        return int(key)
    # Whoever asks for what an earlier one was asked for finds it here, too.
    requested = None
    if measure_at is not None:
        requested = sorted(
            {*measure_at, *(each for _, updates in measured for each in _inside(spec, updates))}
        )
    key = insert_run(
        connection,
        spec,
        owner,
        fingerprint,
        background=background,
        of_sweep=of_sweep,
        held=held,
        measure_at=json.dumps(requested and requested[:MAX_MOMENTS]),
    )
    add_to_library(connection, owner, [key])
    return key


def _inside(spec: RunSpec, measure_at: Collection[int] | None) -> tuple[int, ...]:
    """Updates inside epochs after which such a run is measured; `None` for none at all."""
    return () if measure_at is None else moments(plan_for(spec), measure_at)


def _answers(spec: RunSpec, measured: Collection[int] | None, wished: Collection[int] | None) -> bool:
    """Whether a run that was asked to be measured so is measured wherever this one is wished to be."""
    if wished is None:
        return True
    if measured is None:
        return not _inside(spec, wished)
    return set(wished).issubset(_inside(spec, measured))


@functools.cache
def _waiting() -> Select[Any]:
    """Queued runs in the order in which they would be handed out, were nothing to change.

    What is known of an owner is looked up once an owner, not once a run. Kept, since to put it together takes twice
    as long as the rest of a claim.
    """
    served, running = _served(), _running()
    turn = func.row_number().over(
        partition_by=[run.c.owner, run.c.of_sweep, run.c.background], order_by=run.c.id
    )
    return (
        select(run.c.id, run.c.public_id, run.c.expected_seconds)
        .join(served, served.c.owner == run.c.owner)
        .outerjoin(running, running.c.owner == run.c.owner)
        .where(READY)
        .order_by(
            run.c.of_sweep,
            run.c.background,
            func.coalesce(running.c.count, 0) + turn,
            func.coalesce(served.c.last, 0.0),
            run.c.id,
        )
    )


@functools.cache
def _next(most_long: int | None) -> Select[Any]:
    """The first of `_waiting`, without those that are long while `most_long` long ones train.

    An owner's first of each kind is the oldest, so that nothing but these need be put in order.
    """
    training = run.alias("training")
    long_ones = select(func.count()).where(training.c.status == Status.RUNNING, training.c.long)
    may_start = true() if most_long is None else ~run.c.long | (long_ones.scalar_subquery() < most_long)
    oldest = (
        select(run.c.owner, run.c.of_sweep, run.c.background, func.min(run.c.id).label("id"))
        .where(READY, may_start)
        .group_by(run.c.owner, run.c.of_sweep, run.c.background)
        .subquery()
    )
    served, running = _served(), _running()
    return (
        select(oldest.c.id, oldest.c.of_sweep)
        .join(served, served.c.owner == oldest.c.owner)
        .outerjoin(running, running.c.owner == oldest.c.owner)
        .order_by(
            oldest.c.of_sweep,
            oldest.c.background,
            func.coalesce(running.c.count, 0),
            func.coalesce(served.c.last, 0.0),
            oldest.c.id,
        )
        .limit(1)
    )


def _running() -> Subquery:
    """How many runs train, by owner."""
    others = run.alias("others")
    return (
        select(others.c.owner, func.count().label("count"))
        .where(others.c.status == Status.RUNNING)
        .group_by(others.c.owner)
        .subquery()
    )


def _served() -> Subquery:
    """When a run was last handed out, by owner of some that wait."""
    earlier, queued = run.alias("earlier"), run.alias("queued")
    owners = select(queued.c.owner).where(queued.c.status == Status.QUEUED).distinct().subquery()
    return (
        select(
            owners.c.owner,
            select(func.max(earlier.c.started))
            .where(earlier.c.owner == owners.c.owner)
            .correlate(owners)
            .scalar_subquery()
            .label("last"),
        )
    ).subquery()


# Put together once: that takes longer than carrying them out, which every run needs.
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_CURRENT = select(run.c.attempt).where(run.c.id == attempt.c.run_id).scalar_subquery()
_START = update(run).where(run.c.id.in_(_KEYS)).values(status=Status.RUNNING, finished=None)
_SHOW_LIFE = update(attempt).where(attempt.c.run_id.in_(_KEYS), attempt.c.number == _CURRENT)
_STARTED = select_runs().where(run.c.id.in_(_KEYS))
_TRAINING = select(run.c.owner, run.c.expected_seconds, run.c.started).where(run.c.status == Status.RUNNING)
_ANY_QUEUED = select(run.c.id).where(READY).limit(1)
_ANY_UNFINISHED = select(run.c.id).where(or_(READY, run.c.status == Status.RUNNING)).limit(1)


def ask_to_stop(connection: Connection, row: Row[Any]) -> None:
    """End a queued run, ask a running one to end; nothing for one that is over."""
    if row.status == Status.QUEUED:
        stop_at_once(connection, row)
    elif row.status == Status.RUNNING:
        connection.execute(update(run).where(run.c.id == row.id).values(stop_requested=True))


def stop_at_once(connection: Connection, row: Row[Any]) -> None:
    """End a run that no worker holds."""
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
