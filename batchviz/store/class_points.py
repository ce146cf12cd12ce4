"""What a class trains together: the points of its grid, and what other programs send.

A point is handed out when its training is asked for, so none waits for a member who has left. Points follow each other
seed by seed, and within a seed size by size, so the grid fills evenly however many train.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, insert, select, update

from batchviz.experiment.classroom import Point, SentTraining
from batchviz.store.class_answers import find_member
from batchviz.store.class_tables import class_point, class_sent, classroom
from batchviz.store.classes import ClassError, alone, find_class, find_open_class, find_taught
from batchviz.store.database import Database
from batchviz.store.limits import MAX_CLASS_POINTS, MAX_SENT_EPOCHS, MAX_SENT_TRAININGS, MAX_SENT_VALUES


class ClassPoints:
    """The grids of all classes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, code: str, secret: str, sweep: str) -> None:
        """What the class trains from now on (JSON), once and for all: points are counted through it."""
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_taught(connection, code, secret)
            if row.sweep and row.sweep != sweep:
                raise ClassError("This class trains a grid already. Open another class for another one.")
            connection.execute(update(classroom).where(classroom.c.id == row.id).values(sweep=sweep))

    def take(self, code: str, visitor: str) -> int:
        """The number of the next point, now this member's. Raises ClassError."""
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_open_class(connection, code)
            member = find_member(connection, row, visitor)
            if member is None:
                raise ClassError("Join the class first.")
            if not row.sweep:
                raise ClassError("This class does not train a grid (yet).")
            of_class = class_point.c.class_id == row.id
            taken = set(connection.execute(select(class_point.c.number).where(of_class)).scalars())
            number = next(number for number in range(len(taken) + 1) if number not in taken)
            if number >= MAX_CLASS_POINTS:
                raise ClassError(
                    f"The class has trained {MAX_CLASS_POINTS} points, as many as a chart holds."
                )
            connection.execute(
                insert(class_point).values(
                    class_id=row.id, number=number, member_id=member.id, run="", taken=time.time()
                )
            )
            return number

    def fill(self, code: str, number: int, run_id: str) -> None:
        """This run trains the point."""
        with self._database.writing() as connection:
            row = find_class(connection, code)
            this = (class_point.c.class_id == row.id) & (class_point.c.number == number)
            connection.execute(update(class_point).where(this).values(run=run_id))

    def give_back(self, code: str, number: int) -> None:
        """Nothing trains it after all: the next member gets it."""
        with self._database.writing() as connection:
            row = find_class(connection, code)
            this = (class_point.c.class_id == row.id) & (class_point.c.number == number)
            connection.execute(delete(class_point).where(this, class_point.c.run == ""))

    def points(self, code: str) -> Sequence[Point]:
        """All that train or have trained, in the order of the grid."""
        with self._database.reading() as connection:
            row = find_class(connection, code)
            query = select(class_point).where(class_point.c.class_id == row.id, class_point.c.run != "")
            return [
                Point(each.number, each.member_id, each.run)
                for each in connection.execute(query.order_by(class_point.c.number))
            ]

    def receive(
        self,
        code: str,
        sender: str,
        epoch: int,
        values: Mapping[str, float],
        *,
        batch_size: int | None = None,
        seed: int | None = None,
    ) -> None:
        """One epoch of a training elsewhere, counted from 0, which begins another one. Raises ClassError.

        Epochs come in order: two programs that send under one name would otherwise be one curve.
        """
        if not 1 <= len(values) <= MAX_SENT_VALUES or not all(map(math.isfinite, values.values())):
            raise ClassError(f"Expected 1 to {MAX_SENT_VALUES} finite values an epoch.")
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_open_class(connection, code)
            of_sender = (class_sent.c.class_id == row.id) & (class_sent.c.sender == sender)
            last = connection.execute(
                select(class_sent).where(of_sender).order_by(class_sent.c.id.desc()).limit(1)
            ).first()
            if epoch == 0:
                counted = select(func.count()).where(class_sent.c.class_id == row.id)
                if connection.execute(counted).scalar_one() >= MAX_SENT_TRAININGS:
                    raise ClassError(
                        f"The class has got {MAX_SENT_TRAININGS} trainings, the most there can be."
                    )
                connection.execute(
                    insert(class_sent).values(
                        class_id=row.id, sender=sender, batch_size=batch_size, seed=seed,
                        epochs=json.dumps([dict(values)]), changed=time.time(),
                    )
                )  # fmt: skip
                return
            epochs = json.loads(last.epochs) if last is not None else []
            if epoch != len(epochs) or epoch >= MAX_SENT_EPOCHS or last is None:
                raise ClassError(
                    f"Got epoch {epoch}; expected {len(epochs)} or, for another training, 0, up to {MAX_SENT_EPOCHS}. "
                    "Two programs that send at once need a path each: copy yours from the class page."
                )
            grown = json.dumps([*epochs, dict(values)])
            connection.execute(
                update(class_sent).where(class_sent.c.id == last.id).values(epochs=grown, changed=time.time())
            )

    def elsewhere(self, code: str) -> Sequence[SentTraining]:
        """What other programs sent, oldest first."""
        with self._database.reading() as connection:
            row = find_class(connection, code)
            query = select(class_sent).where(class_sent.c.class_id == row.id).order_by(class_sent.c.id)
            return [
                SentTraining(
                    each.sender, each.batch_size, each.seed, tuple(json.loads(each.epochs)), each.changed
                )
                for each in connection.execute(query)
            ]
