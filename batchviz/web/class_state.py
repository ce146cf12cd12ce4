"""What every screen of a class asks for once a second: how far it is and how many answered, the same for everybody.

Thirty screens that ask within a moment are answered by one look into the database. What was answered is in it from the
reveal on, as the store tells it, so that a split is on every screen before any script has drawn it.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from cachetools import TTLCache

from batchviz import lessons
from batchviz.experiment.classroom import Classroom, Vote
from batchviz.lessons.lesson import Lesson
from batchviz.lessons.split import split
from batchviz.store import Store
from batchviz.web.limits import MAX_CLASSES_WATCHED

FRESH_SECONDS = 0.25


@functools.lru_cache(maxsize=MAX_CLASSES_WATCHED)
def lesson_of(text: str) -> Lesson:
    """The lesson of a round: by its name, or read from its text. Raises SpecError."""
    return lessons.load(text) if text.lstrip().startswith("+++") else lessons.get(text)


def version(classroom: Classroom) -> str:
    """Another one when a screen must be drawn anew; numbers alone are filled in without that."""
    over = " over" if classroom.over else ""
    ended = "" if classroom.open else " ended"
    return f"{classroom.round} {classroom.phase}{' grid' if classroom.sweep else ''}{over}{ended}"


def open_vote(classroom: Classroom) -> Vote | None:
    """What is being answered now, if anything is."""
    votes = [vote for vote in Vote if classroom.phase in vote.phases]
    if not classroom.open or not votes:
        return None
    return None if votes[0] in (Vote.BEFORE, Vote.AFTER) and not classroom.measures else votes[0]


class ClassStates:
    """The states of classes, each kept for a moment. Thread-safe."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: TTLCache[str, dict[str, Any]] = TTLCache(MAX_CLASSES_WATCHED, FRESH_SECONDS)

    def kept(self, code: str) -> dict[str, Any] | None:
        """What somebody asked for a moment ago."""
        with self._lock:
            return self._kept.get(code)

    def state(self, code: str) -> dict[str, Any]:
        """Raises StoreError where there is no such class."""
        with self._lock:  # who comes meanwhile waits for this answer, and asks nothing
            if code not in self._kept:
                self._kept[code] = _state(self._store(), code)
            return self._kept[code]


def _state(store: Store, code: str) -> dict[str, Any]:
    classroom = store.classes.get(code)
    now = open_vote(classroom)
    return {
        "version": version(classroom),
        "phase": classroom.phase.value,
        "open": classroom.open,
        "members": classroom.members,
        "asked": now,
        "answered": classroom.answered[now] if now else 0,
        "points": classroom.points,
        "trained": classroom.trained,
        "elsewhere": classroom.elsewhere,
        "splits": _splits(store, classroom),
    }


def _splits(store: Store, classroom: Classroom) -> list[dict[str, Any]]:
    """Of every prediction that may be seen: the answers and how many gave each."""
    splits = []
    for vote in (Vote.FIRST, Vote.SECOND):
        answers = store.class_answers.split(classroom.code, vote) if classroom.answered[vote] else None
        if answers is not None:
            rows = split(lesson_of(classroom.lesson).predict, answers)
            splits.append({"vote": vote, "rows": [row._asdict() for row in rows], "answers": len(answers)})
    return splits
