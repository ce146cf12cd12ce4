"""What visitors answered in lessons: a row a question, so that a reload, a second tab and tomorrow find it.

The first answer to a question stays, from whichever tab it came: a prediction is none once the outcome was seen.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import delete, func, insert, select

from batchviz.errors import StoreError
from batchviz.store.database import Database
from batchviz.store.limits import MAX_LESSON_ANSWER_LENGTH, MAX_LESSON_ANSWERS
from batchviz.store.tables import lesson_answer


class LessonAnswers:
    """Every visitor's answers, as text that means something to whoever asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owned_by(self, owner: str) -> Mapping[str, Mapping[str, str]]:
        """All answers of a visitor: lesson -> question -> answer. Raises StoreError."""
        answers: dict[str, dict[str, str]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(select(lesson_answer).where(lesson_answer.c.owner == owner)):
                answers.setdefault(row.lesson, {})[row.question] = row.answer
        return answers

    def save(self, owner: str, lesson: str, question: str, answer: str) -> None:
        """Keep an answer, unless there is one already. Raises StoreError, also for more than anybody answers."""
        table = lesson_answer.c
        own = table.owner == owner
        if len(answer) > MAX_LESSON_ANSWER_LENGTH:
            raise StoreError(
                f"The answer has {len(answer):,} characters; expected at most {MAX_LESSON_ANSWER_LENGTH:,}."
            )
        with self._database.writing() as connection:
            same = own & (table.lesson == lesson) & (table.question == question)
            if connection.execute(select(table.owner).where(same)).first():
                return
            if connection.execute(select(func.count()).where(own)).scalar_one() >= MAX_LESSON_ANSWERS:
                raise StoreError(
                    f"You have given {MAX_LESSON_ANSWERS:,} answers, the most that are kept. Begin a lesson anew first."
                )
            values = {"owner": owner, "lesson": lesson, "question": question, "answer": answer}
            connection.execute(insert(lesson_answer).values(**values, answered=time.time()))

    def replace(self, owner: str, lesson: str, question: str, answer: str) -> None:
        """Keep this in place of an earlier answer. Raises StoreError."""
        self.forget(owner, lesson, question)
        self.save(owner, lesson, question, answer)

    def forget(self, owner: str, lesson: str, question: str | None = None) -> None:
        """Forget one answer to a lesson, or all of them. Raises StoreError."""
        table = lesson_answer.c
        meant = (table.owner == owner) & (table.lesson == lesson)
        if question is not None:
            meant &= table.question == question
        with self._database.writing() as connection:
            connection.execute(delete(lesson_answer).where(meant))
