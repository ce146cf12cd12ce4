"""Members of classes and what they answered.

What is hidden is hidden here, and from the teacher as from everybody: before the reveal of a round nothing but numbers
leaves this module, and of fewer than MIN_SPLIT_ANSWERS answers never anything else. No answer is taken after the split
of its vote can be seen, so that nobody's is found by subtracting.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from batchviz.experiment.classroom import AnswerRow, Arm, Member, Phase, Vote
from batchviz.store.class_tables import class_answer, class_member, class_round
from batchviz.store.classes import ClassError, alone, find_class, find_open_class, find_taught, phase_of
from batchviz.store.database import Database
from batchviz.store.limits import MAX_ANSWER_LENGTH, MIN_SPLIT_ANSWERS
from batchviz.store.quotas import Quotas


class ClassAnswers:
    """Who is in a class, and the answers. A member is a visitor's random name, which leaves the store nowhere."""

    def __init__(self, database: Database, quotas: Quotas) -> None:
        self._database, self._quotas = database, quotas

    def join(self, code: str, visitor: str) -> Member:
        """Come in, or come back; late is as good as early. Raises ClassError, and QuotaError of a full one."""
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_open_class(connection, code)
            member = find_member(connection, row, visitor)
            if member is None:
                arms = connection.execute(
                    select(class_member.c.arm, func.count())
                    .where(class_member.c.class_id == row.id)
                    .group_by(class_member.c.arm)
                ).all()
                counts = dict.fromkeys(Arm, 0) | {Arm(arm): number for arm, number in arms}
                self._quotas.check_members(sum(counts.values()) + 1)
                connection.execute(
                    insert(class_member).values(
                        class_id=row.id, visitor=visitor, arm=_drawn(row.measures, counts), joined=time.time()
                    )
                )
                member = find_member(connection, row, visitor)
            assert member is not None
            return member

    def member(self, code: str, visitor: str) -> Member | None:
        """Who a visitor is in that class; None for who has not joined. Raises NoClassError without such a class."""
        with self._database.reading() as connection:
            return find_member(connection, find_class(connection, code), visitor)

    def answer(self, code: str, visitor: str, vote: Vote, answer: str) -> None:
        """Answer, or answer anew, as long as this vote is taken. `answer` is JSON. Raises ClassError."""
        _check(answer)
        with self._database.writing(alone_with=alone(code)) as connection:
            row = find_open_class(connection, code)
            member, phase = find_member(connection, row, visitor), phase_of(connection, row)
            if member is None:
                raise ClassError("Join the class first.")
            if phase not in vote.phases:
                raise ClassError("This question is not open now: the class has gone on, or is not there yet.")
            if vote in (Vote.FIRST, Vote.SECOND) and member.arm is Arm.WATCH:
                raise ClassError(
                    "In this class some watch first, drawn by lot: you do, so no prediction is taken."
                )
            key = {"member_id": member.id, "round": row.round, "vote": vote}
            this = [class_answer.c[name] == value for name, value in key.items()]
            values = {"answer": answer, "changed": time.time()}
            if connection.execute(select(class_answer.c.vote).where(*this)).first() is None:
                connection.execute(insert(class_answer).values(class_id=row.id, **key, **values))
            elif vote is Vote.AFTER:
                raise ClassError("This question is answered once.")  # its split may be on the wall already
            else:
                connection.execute(update(class_answer).where(*this).values(**values))

    def own(self, code: str, visitor: str) -> Mapping[Vote, str]:
        """What this visitor answered in the round that goes on: one's own is no secret."""
        with self._database.reading() as connection:
            row = find_class(connection, code)
            member = find_member(connection, row, visitor)
            if member is None:
                return {}
            query = select(class_answer).where(
                class_answer.c.member_id == member.id, class_answer.c.round == row.round
            )
            return {Vote(each.vote): each.answer for each in connection.execute(query)}

    def split(self, code: str, vote: Vote) -> Sequence[str] | None:
        """The answers of this round in no order, for everybody; None while, or where, they are hidden."""
        with self._database.reading() as connection:
            row = find_class(connection, code)
            if not _shown(connection, row, row.round, vote):
                return None
            answers = [each.answer for each in _rows(connection, row, row.round) if each.vote == vote]
        return _shuffled(answers) if len(answers) >= MIN_SPLIT_ANSWERS else None

    def pairs(self, code: str) -> Sequence[tuple[Arm, str, str]] | None:
        """Of this round, the answers before and after of those who gave both, in no order; None while hidden."""
        with self._database.reading() as connection:
            row = find_class(connection, code)
            if not _shown(connection, row, row.round, Vote.AFTER):
                return None
            rows = _rows(connection, row, row.round)
        by_member: dict[int, dict[str, Row[Any]]] = {}
        for each in rows:
            by_member.setdefault(each.member_id, {})[each.vote] = each
        pairs = [
            (Arm(votes[Vote.BEFORE].arm), votes[Vote.BEFORE].answer, votes[Vote.AFTER].answer)
            for votes in by_member.values()
            if {Vote.BEFORE, Vote.AFTER} <= votes.keys()
        ]
        return _shuffled(pairs) if len(pairs) >= MIN_SPLIT_ANSWERS else None

    def export(self, code: str, secret: str) -> Sequence[AnswerRow]:
        """For the teacher: all answers that may be seen. Members are numbered anew each time, in no order."""
        with self._database.reading() as connection:
            row = find_taught(connection, code, secret, open_only=False)
            rounds = connection.execute(
                select(class_round).where(class_round.c.class_id == row.id).order_by(class_round.c.number)
            ).all()
            shown: list[tuple[str, Row[Any]]] = []
            for round_ in rounds:
                answers = _rows(connection, row, round_.number)
                for vote in Vote:
                    of_vote = [each for each in answers if each.vote == vote]
                    if len(of_vote) >= MIN_SPLIT_ANSWERS and _shown(connection, row, round_.number, vote):
                        shown += [(round_.lesson, each) for each in of_vote]
        members = _shuffled(sorted({each.member_id for _, each in shown}))
        numbers = {member: number for number, member in enumerate(members, 1)}
        exported = [
            AnswerRow(
                numbers[each.member_id], each.round, lesson, Arm(each.arm), Vote(each.vote), each.answer
            )
            for lesson, each in shown
        ]
        return sorted(exported, key=lambda each: (each.round, each.member, list(Vote).index(each.vote)))


def _shown(connection: Connection, row: Row[Any], number: int, vote: Vote) -> bool:
    """Whether a vote of a round may be seen: nothing more is taken, and the round was revealed.

    What is asked after the reveal is seen when the next round has begun, or the class has ended.
    """
    if number < row.round:
        return True
    if phase_of(connection, row) is not Phase.REVEAL:
        return False
    return vote is not Vote.AFTER or row.ended is not None


def _rows(connection: Connection, row: Row[Any], number: int) -> Sequence[Row[Any]]:
    query = (
        select(class_answer, class_member.c.arm)
        .join(class_member, class_member.c.id == class_answer.c.member_id)
        .where(class_answer.c.class_id == row.id, class_answer.c.round == number)
    )
    return connection.execute(query).all()


def find_member(connection: Connection, row: Row[Any], visitor: str) -> Member | None:
    """Who a visitor is in a class; None for who has not joined."""
    this = (class_member.c.class_id == row.id) & (class_member.c.visitor == visitor)
    member = connection.execute(select(class_member).where(this)).first()
    return None if member is None else Member(member.id, Arm(member.arm))


def _drawn(by_lot: bool, counts: Mapping[Arm, int]) -> Arm:
    """By lot in pairs: of every two who join one predicts, so that both arms are as large as can be."""
    if not by_lot:
        return Arm.PREDICT
    if counts[Arm.PREDICT] != counts[Arm.WATCH]:
        return min(Arm, key=lambda arm: counts[arm])
    return secrets.choice(list(Arm))


def _check(answer: str) -> None:
    if len(answer) > MAX_ANSWER_LENGTH:
        raise ClassError(
            f"The answer has {len(answer):,} characters; expected at most {MAX_ANSWER_LENGTH:,}."
        )
    try:
        json.loads(answer)
    except ValueError:
        raise ClassError(
            "The answer could not be read; expected JSON. Reload the page and answer again."
        ) from None


def _shuffled(items: Sequence[Any]) -> list[Any]:
    """So that an order tells nothing of who came first."""
    return random.SystemRandom().sample(list(items), len(items))
