"""A lesson as a value: facts, predict, run, see, why, try. `lessons.load` reads one from its file.

It differs from the first agreement in this: an order is a tuple of groups of keys, so that a tie can be answered; an
answer's value and how sure it is are one `Answer` a question; `race` names the runs where the prediction's options do
not; the transfer task has a set-up and free controls, from which whoever draws it makes a lesson link.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from batchviz.errors import SpecError
from batchviz.experiment.limits import MAX_PAGE_TITLE_LENGTH
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.lessons.limits import (
    MAX_FURTHER_QUESTIONS,
    MAX_LESSON_SEEDS,
    MAX_MEMBERS,
    MAX_MINUTES,
    MAX_SECTION_LENGTH,
)
from batchviz.lessons.question import Frozen, Option, Question
from batchviz.links.layout import Layout
from batchviz.links.lesson import LessonLink


class Task(Frozen):
    """What to try in the Playground afterwards, and a question on what comes of it."""

    text: str = Field(min_length=1, max_length=MAX_SECTION_LENGTH)
    """Markdown."""
    base: RunSpec
    link: LessonLink
    check: Question
    sweep: SweepSpec | None = None
    """A grid to try on the page Sweep."""


class Lesson(Frozen):
    """One lesson. Raises SpecError for one that cannot be played."""

    slug: str = Field(pattern=r"[a-z0-9-]{1,40}")
    number: int = 0
    """On the path, from 1; 0: on none."""
    title: str = Field(min_length=1, max_length=MAX_PAGE_TITLE_LENGTH)
    summary: str = Field(default="", max_length=200)
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    base: RunSpec
    race: tuple[Mapping[str, Any], ...] = Field(default=(), max_length=MAX_MEMBERS)
    """Changes to `base`, one a member; without any, those of the options of `predict`."""
    seeds: int = Field(default=10, ge=1, le=MAX_LESSON_SEEDS)
    """Of each member. A tie is told from ten on."""
    layout: Layout = Field(default_factory=Layout)
    """How the chart begins."""
    mechanism: str = Field(default="", pattern=r"[a-z_]{0,40}")
    """The name of a picture of what happens inside, as figures.terms has them; empty for none."""
    ledger: bool = False
    """Whether the memory of each run stands beside the reason, part by part."""
    facts: str = Field(min_length=1, max_length=MAX_SECTION_LENGTH)
    """Markdown, as are `reason` and the task's text."""
    predict: Question
    see: Question
    also: tuple[Question, ...] = Field(default=(), max_length=MAX_FURTHER_QUESTIONS)
    """Predictions on the same runs by another measure, each followed by its outcome."""
    why: Question
    reason: str = Field(min_length=1, max_length=MAX_SECTION_LENGTH)
    """Why, told after it was asked."""
    task: Task

    @field_validator("layout", mode="before")
    @classmethod
    def _laid_out(cls, layout: Any) -> Any:
        return Layout.parse(layout) if isinstance(layout, str) else layout

    @model_validator(mode="after")
    def _can_be_played(self) -> Self:
        if len(self.members) < 1:
            raise SpecError(
                "race: got no runs; expected a spec in the options of predict, or a list of changes."
            )
        for question in self.questions:
            unknown = [option.key for option, spec in self.runs_of(question) if spec not in self.members]
            if unknown and question.measure and not question.measure.counted:
                raise SpecError(f"{question.key}.options: {unknown[0]!r} is none of the runs of the race.")
        return self

    @functools.cached_property
    def members(self) -> tuple[RunSpec, ...]:
        """The runs of the race, each of the first seed."""
        changes = self.race or [option.spec for option in self.predict.options if option.spec is not None]
        return tuple(dict.fromkeys(_changed(self.base, change, "race") for change in changes))

    @property
    def further(self) -> tuple[RunSpec, ...]:
        """The other seeds, for the background."""
        return tuple(
            spec.replace(seed=spec.seed + more) for more in range(1, self.seeds) for spec in self.members
        )

    def runs_of(self, question: Question) -> list[tuple[Option, RunSpec]]:
        """The options that stand for a run, and that run's first seed."""
        return [
            (option, _changed(self.base, option.spec, f"{question.key}.{option.key}"))
            for option in question.options
            if option.spec is not None
        ]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them, in the order in which they are asked."""
        return (self.predict, self.see, *self.also, self.why, self.task.check)

    @functools.cached_property
    def hash(self) -> str:
        """sha256 of all that a learner meets: another one for another lesson, whatever it is called."""
        # Answers are kept under it: what a lesson does not have leaves it as it was.
        idle: dict[str, Any] = {name: True for name in ("also", "ledger") if not getattr(self, name)}
        if self.task.sweep is None:
            idle["task"] = {"sweep"}
        return hashlib.sha256(self.model_dump_json(exclude=idle).encode()).hexdigest()


def _changed(base: RunSpec, change: Mapping[str, Any], where: str) -> RunSpec:
    try:
        return base.replace(**change)
    except SpecError as error:
        raise SpecError(f"{where}: {error}") from None
