"""Classes: a code for the members, a secret for the teacher, and how far they are.

Everything about a class follows from its rows, so that a reload, a phone asleep, another browser of the teacher's and a
restart of the server lose nothing. What was answered is in `store.class_answers`, what is trained in
`store.class_points`.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from batchviz.errors import StoreError
from batchviz.experiment.classroom import CODE_LENGTH, CODE_LETTERS, Classroom, Phase, Vote, tidy_code
from batchviz.store.class_tables import (
    class_answer,
    class_member,
    class_point,
    class_round,
    class_sent,
    classroom,
)
from batchviz.store.database import Database
from batchviz.store.limits import MAX_CLASSES, MAX_LESSON_LENGTH, MAX_ROUNDS
from batchviz.store.rows import UNFINISHED
from batchviz.store.tables import run


class NoClassError(StoreError):
    """There is no such class."""


class ClassError(StoreError):
    """A class does not take this, or not now, or not from whoever asks."""


class Classes:
    """The classes of an installation. Who has the code is a member, who has the secret is the teacher."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(
        self, owner: str, lesson: str, *, ends: float, measures: bool = False, sweep: str = ""
    ) -> tuple[Classroom, str]:
        """A new class and its secret. It is deleted at `ends`. Raises ClassError for one too many."""
        _check_lesson(lesson)
        now, secret = time.time(), secrets.token_urlsafe(18)
        with self._database.writing(alone_with="classes") as connection:
            connection.execute(delete(classroom).where(classroom.c.ends < now))
            open_ones = select(func.count()).where(classroom.c.owner == owner, classroom.c.ended.is_(None))
            if connection.execute(open_ones).scalar_one() >= MAX_CLASSES:
                raise ClassError(
                    f"{MAX_CLASSES} of your classes are open, the most there can be. End one first."
                )
            code = _unused_code(connection)
            inserted = connection.execute(
                insert(classroom).values(
                    code=code, secret=secret, owner=owner, round=1, measures=measures, sweep=sweep,
                    created=now, ends=ends,
                )
            )  # fmt: skip
            key = cast(tuple[int], inserted.inserted_primary_key)[0]
            _insert_round(connection, key, 1, lesson)
            return to_classroom(connection, find_class(connection, code)), secret

    def get(self, code: str) -> Classroom:
        """The class of that code. Raises NoClassError where there is none (any more)."""
        with self._database.reading() as connection:
            return to_classroom(connection, find_class(connection, code))

    def is_teacher(self, code: str, secret: str) -> bool:
        """Whether this is the secret of that class. Raises NoClassError where there is no such class."""
        with self._database.reading() as connection:
            return _matches(find_class(connection, code), secret)

    def owned_by(self, owner: str) -> list[tuple[Classroom, str]]:
        """The classes that a visitor opened, newest first, each with its secret."""
        query = select(classroom).where(classroom.c.owner == owner, classroom.c.ends >= time.time())
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(classroom.c.id.desc())).all()
            return [(to_classroom(connection, row), row.secret) for row in rows]

    def lead(self, code: str, secret: str, to: Phase, runs: Sequence[str] = ()) -> Classroom:
        """Lead the class on; once it is there, another press changes nothing. At the reveal `runs` are what is shown.

        Raises ClassError for a way that leads back.
        """
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_taught(connection, code, secret)
            this = (class_round.c.class_id == row.id) & (class_round.c.number == row.round)
            now = Phase(connection.execute(select(class_round.c.phase).where(this)).scalar_one())
            if to is not now:
                if to not in now.next:
                    raise ClassError(
                        f"This round is at {now.value!r}, from where it cannot go to {to.value!r}. Begin another round."
                    )
                shown = {"runs": json.dumps(list(runs))} if to is Phase.REVEAL else {}
                connection.execute(update(class_round).where(this).values(phase=to, **shown))
            return to_classroom(connection, find_class(connection, code))

    def begin_round(self, code: str, secret: str, lesson: str) -> Classroom:
        """Another lesson with the same members, once the one before is revealed. Raises ClassError, NoClassError."""
        _check_lesson(lesson)
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_taught(connection, code, secret)
            if row.round >= MAX_ROUNDS:
                raise ClassError(f"A class has at most {MAX_ROUNDS} rounds. Open another class.")
            if to_classroom(connection, row).phase is not Phase.REVEAL:
                raise ClassError("The next round begins when this one has been revealed.")
            _insert_round(connection, row.id, row.round + 1, lesson)
            connection.execute(update(classroom).where(classroom.c.id == row.id).values(round=row.round + 1))
            return to_classroom(connection, find_class(connection, code))

    def end(self, code: str, secret: str) -> Classroom:
        """Take nothing more. The answers can be exported until the class is deleted."""
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_taught(connection, code, secret, open_only=False)
            ended = classroom.c.ended.is_(None) & (classroom.c.id == row.id)
            connection.execute(update(classroom).where(ended).values(ended=time.time()))
            return to_classroom(connection, find_class(connection, code))

    def delete(self, code: str, secret: str) -> None:
        """Delete it with all answers, for good. Runs stay in the libraries of whoever trained them."""
        with self._database.writing() as connection:
            row = find_taught(connection, code, secret, open_only=False)
            connection.execute(delete(classroom).where(classroom.c.id == row.id))

    def purge(self) -> int:
        """Delete, for good, every class whose time is over; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(classroom).where(classroom.c.ends < time.time())).rowcount


def find_class(connection: Connection, code: str) -> Row[Any]:
    """The row of a class whose time is not over. Raises ClassError, NoClassError."""
    query = select(classroom).where(classroom.c.code == tidy_code(code), classroom.c.ends >= time.time())
    row = connection.execute(query).first()
    if row is None:
        raise NoClassError(
            f"There is no class {tidy_code(code)!r} here: the code is mistyped, or the class is over and was deleted. "
            "Ask the teacher for the code."
        )
    return row


def find_open_class(connection: Connection, code: str) -> Row[Any]:
    """The same while it still takes answers and points. Raises ClassError, NoClassError."""
    row = find_class(connection, code)
    if row.ended is not None:
        raise ClassError("The teacher has ended this class: nothing more is taken.")
    return row


def find_taught(connection: Connection, code: str, secret: str, *, open_only: bool = True) -> Row[Any]:
    """The row of a class for its teacher. Raises ClassError for whoever does not have the secret."""
    row = find_class(connection, code)
    if not _matches(row, secret):
        raise ClassError("Only the teacher of a class can do this: open it by the teacher's own link.")
    return find_open_class(connection, code) if open_only else row


def phase_of(connection: Connection, row: Row[Any]) -> Phase:
    """Where the round of a class stands."""
    this = (class_round.c.class_id == row.id) & (class_round.c.number == row.round)
    return Phase(connection.execute(select(class_round.c.phase).where(this)).scalar_one())


def to_classroom(connection: Connection, row: Row[Any]) -> Classroom:
    """What everybody may know of a class."""
    this = (class_round.c.class_id == row.id) & (class_round.c.number == row.round)
    current = connection.execute(select(class_round).where(this)).one()

    runs = tuple(json.loads(current.runs))

    def count(table: Any) -> int:
        counted = select(func.count()).select_from(table).where(table.c.class_id == row.id)
        return int(connection.execute(counted).scalar_one())

    answered = connection.execute(
        select(class_answer.c.vote, func.count())
        .where(class_answer.c.class_id == row.id, class_answer.c.round == row.round)
        .group_by(class_answer.c.vote)
    ).all()
    return Classroom(
        code=row.code,
        owner=row.owner,
        round=row.round,
        lesson=current.lesson,
        phase=Phase(current.phase),
        created=row.created,
        ends=row.ends,
        ended=row.ended,
        measures=row.measures,
        members=count(class_member),
        answered=dict.fromkeys(Vote, 0) | {Vote(vote): number for vote, number in answered},
        runs=runs,
        over=bool(runs) and not connection.execute(_unfinished(runs)).scalar_one(),
        sweep=row.sweep,
        points=count(class_point),
        trained=int(connection.execute(_trained(row.id)).scalar_one()),
        elsewhere=count(class_sent),
    )


def _unfinished(runs: Sequence[str]) -> Select[Any]:
    return select(func.count()).where(run.c.public_id.in_(runs), UNFINISHED)


def _trained(key: int) -> Select[Any]:
    of_class = (class_point.c.class_id == key) & (run.c.public_id == class_point.c.run)
    return select(func.count()).where(of_class, ~UNFINISHED)


def _matches(row: Row[Any], secret: str) -> bool:
    return hmac.compare_digest(row.secret.encode(), secret.encode())


def alone(code: str) -> str:
    """What must not be done to one class twice at the same time."""
    return f"class {tidy_code(code)}"


def _check_lesson(lesson: str) -> None:
    if not 1 <= len(lesson) <= MAX_LESSON_LENGTH:
        raise ClassError(f"The lesson has {len(lesson):,} characters; expected 1 to {MAX_LESSON_LENGTH:,}.")


def _insert_round(connection: Connection, key: int, number: int, lesson: str) -> None:
    connection.execute(
        insert(class_round).values(class_id=key, number=number, lesson=lesson, phase=Phase.OPEN, runs="[]")
    )


def _unused_code(connection: Connection) -> str:
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if connection.execute(select(classroom.c.id).where(classroom.c.code == code)).first() is None:
            return code
