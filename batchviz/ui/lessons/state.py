"""Which lesson is open, and what this visitor has answered: in the page's address, and in the store.

`/lessons?lesson=SLUG` is one of ours, whether the path has come there or not; `/lessons?own=...` holds somebody's own.
What was answered is the visitor's, by the cookie of the browser: a reload, Back, a second tab and tomorrow find it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress

from pydantic import ValidationError

from batchviz import lessons
from batchviz.errors import BatchVizError
from batchviz.lessons import Answer, Lesson, Question, own
from batchviz.ui import address, resources, session
from batchviz.ui.components import notices
from batchviz.ui.session_state import OPEN_LESSON, OWN_LESSON, WRITING_LESSON

RUNS, EQUAL_RUNS, SKIPPED = "runs", "equal_runs", "skipped"
"""What is kept beside the answers: the ids of the runs that were started, of those that end after equal seconds, and
that a lesson was passed over."""


@session.on_coming
def open_address() -> None:
    """On coming to the page: what its address says; without one, what was there when the visitor left."""
    if OPEN_LESSON.is_set and not session.follows_address():
        return
    query = address.parameters()
    OPEN_LESSON.set(query.get("lesson", ""))
    OWN_LESSON.delete()
    WRITING_LESSON.set(False)
    if "own" in query:
        try:
            OWN_LESSON.set(own.unpacked(query["own"]))
        except BatchVizError as error:
            notices.report(str(error))


def write_address() -> None:
    """Make the address say which lesson is open. One that is too long for it stays in this tab."""
    query = {"lesson": OPEN_LESSON.get()} if OPEN_LESSON.get() else {}
    if OWN_LESSON.get():
        with suppress(BatchVizError):
            query = {"own": own.packed(OWN_LESSON.get())}
    address.write(query)


def opened() -> Lesson | None:
    """The lesson on the page; None for the path. Reports one that there is not, and shows the path."""
    try:
        if OWN_LESSON.get():
            return lessons.load(OWN_LESSON.get())
        return lessons.get(OPEN_LESSON.get()) if OPEN_LESSON.get() else None
    except BatchVizError as error:
        notices.report(str(error))
        close()
        return None


def open_lesson(slug: str) -> None:
    """Open a lesson of ours."""
    OWN_LESSON.delete()
    OPEN_LESSON.set(slug)


def show_own(text: str) -> None:
    """Open a lesson by the text of its file. Raises SpecError for one that is none."""
    lessons.load(text)
    OPEN_LESSON.set("")
    OWN_LESSON.set(text)
    WRITING_LESSON.set(False)


def close() -> None:
    """Show the path."""
    OPEN_LESSON.set("")
    OWN_LESSON.delete()


def writing() -> bool:
    """Whether one is being written."""
    return WRITING_LESSON.get()


def key_of(lesson: Lesson) -> str:
    """What its answers are kept under: one of ours keeps them when its wording is mended."""
    return lesson.slug if lesson.number else lesson.hash


class Progress:
    """What this visitor answered in all lessons, read once a run of the script. Raises StoreError."""

    def __init__(self) -> None:
        self._kept: Mapping[str, Mapping[str, str]] = resources.store().lesson_answers.owned_by(
            session.visitor()
        )

    def answer(self, lesson: Lesson, question: Question) -> Answer | None:
        """The answer to a question; None where there is none, or one to an earlier wording."""
        text = self._kept.get(key_of(lesson), {}).get(question.key)
        try:
            answer = Answer.model_validate_json(text) if text else None
        except ValidationError:
            return None
        return answer if answer is not None and answer.answers(question) else None

    def answers(self, lesson: Lesson) -> dict[str, Answer]:
        """All answers to a lesson, by the questions' keys."""
        answers = {question.key: self.answer(lesson, question) for question in lesson.questions}
        return {key: answer for key, answer in answers.items() if answer is not None}

    def runs(self, lesson: Lesson) -> list[str]:
        """The ids of the runs that were started."""
        return self._run_ids(lesson, RUNS)

    def equal_runs(self, lesson: Lesson) -> list[str]:
        """The ids of the runs that end after equal seconds."""
        return self._run_ids(lesson, EQUAL_RUNS)

    def _run_ids(self, lesson: Lesson, name: str) -> list[str]:
        return list(json.loads(self._kept.get(key_of(lesson), {}).get(name, "[]")))

    def begun(self, lesson: Lesson) -> bool:
        """Whether anything of it was answered."""
        return any(self.answer(lesson, question) for question in lesson.questions)

    def done(self, lesson: Lesson) -> bool:
        """Whether all of it was."""
        return all(self.answer(lesson, question) for question in lesson.questions)

    def skipped(self, lesson: Lesson) -> bool:
        """Whether it was passed over."""
        return SKIPPED in self._kept.get(key_of(lesson), {})

    def next(self, path: Sequence[Lesson]) -> Lesson | None:
        """The first of the path that is neither done nor skipped."""
        return next((each for each in path if not (self.done(each) or self.skipped(each))), None)


def save(lesson: Lesson, question: Question, answer: Answer) -> None:
    """Keep an answer; the first one stays."""
    _kept(lesson, question.key, answer.model_dump_json(), anew=False)


def save_runs(lesson: Lesson, run_ids: Sequence[str]) -> None:
    """Keep which runs were started for a lesson."""
    _kept(lesson, RUNS, json.dumps(list(run_ids)), anew=True)


def save_equal_runs(lesson: Lesson, run_ids: Sequence[str]) -> None:
    """Keep which runs were started to end after equal seconds."""
    _kept(lesson, EQUAL_RUNS, json.dumps(list(run_ids)), anew=True)


def skip(lesson: Lesson) -> None:
    """Pass a lesson over: the next one opens."""
    _kept(lesson, SKIPPED, "1", anew=False)


def begin_anew(lesson: Lesson) -> None:
    """Forget all that was answered in it."""
    try:
        resources.store().lesson_answers.forget(session.visitor(), key_of(lesson))
    except BatchVizError as error:
        notices.report(str(error))


def _kept(lesson: Lesson, name: str, text: str, *, anew: bool) -> None:
    try:
        answers = resources.store().lesson_answers
        (answers.replace if anew else answers.save)(session.visitor(), key_of(lesson), name, text)
    except BatchVizError as error:
        notices.report(str(error))
