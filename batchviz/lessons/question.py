"""What a lesson asks, and what a learner answers: values that a page, a class and a file all read.

A question is decided in one of two ways: by what is measured of the runs that its options stand for (`measure`), or,
where nothing is measured, by the option that is `right`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from batchviz.errors import SpecError
from batchviz.lessons.limits import MAX_OPTIONS, MAX_WORDS_LENGTH
from batchviz.text.numbers import listing

CANNOT_TELL = "cannot tell"
"""An answer to any question that allows it. It claims nothing, so it is neither right nor wrong."""


class Measure(StrEnum):
    """What decides between the options of a question."""

    UPDATES = "updates"
    """In all: counted before anything runs, as are the next three."""
    UPDATES_PER_EPOCH = "updates an epoch"
    LAST_BATCH = "examples in the last batch"
    ACTIVATIONS = "memory of the activations"
    """Bytes, with each layer's output kept once."""
    MEMORY = "memory"
    """Bytes of the ledger, with each layer's output kept once."""
    SPREAD = "spread of the losses of updates"
    """Their standard deviation over one run, NumPy's `std` with ddof=1."""
    SPREAD_RATIO = "times less spread than the first run"
    """How many times smaller that deviation is than that of the race's first member."""
    VALIDATION_LOSS = "validation loss at the end"
    VALIDATION_LOSS_AT_EQUAL_UPDATES = "validation loss at equal updates"
    VALIDATION_LOSS_AT_EQUAL_EPOCHS = "validation loss at equal epochs"
    VALIDATION_LOSS_AT_EQUAL_SECONDS = "validation loss at equal seconds"
    """On the clock of this machine: measured by runs of so many updates that each takes as long."""
    VALIDATION_LOSS_AT_OWN_RATE = "validation loss at its own best rate"
    """Of the members that differ from the option in their rate alone, SELECTION_SEEDS choose one; the others report."""
    TRAINING_LOSS = "training loss at the end"
    PRINTED_RATIO = "loss that Keras prints for the first epoch, over the loss at its end"
    """The mean of its batches, each taken before its update, over the training loss of the weights as they are then."""
    SECONDS = "seconds an epoch"
    """On the clock of this machine (experiment.clock)."""
    UPDATE_SECONDS_RATIO = "times the seconds of an update of the first run"

    @property
    def timed(self) -> bool:
        """Whether it takes a clock."""
        return self in (
            Measure.SECONDS, Measure.UPDATE_SECONDS_RATIO, Measure.VALIDATION_LOSS_AT_EQUAL_SECONDS
        )  # fmt: skip

    @property
    def counted(self) -> bool:
        """Whether it follows from the settings alone."""
        return self in (
            Measure.UPDATES, Measure.UPDATES_PER_EPOCH, Measure.LAST_BATCH, Measure.ACTIVATIONS, Measure.MEMORY
        )  # fmt: skip


class Sure(StrEnum):
    """How sure a learner is."""

    GUESS = "guess"
    FAIRLY = "fairly"
    SURE = "sure"


class Frozen(BaseModel):
    """What a lesson is made of never changes, and has no fields but those that are named."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Option(Frozen):
    """One answer to choose, or one thing to put in order."""

    key: str = Field(pattern=r"[\w-]{1,32}")
    text: str = Field(min_length=1, max_length=MAX_WORDS_LENGTH)
    spec: Mapping[str, Any] | None = None
    """The change to the lesson's set-up that makes the run this stands for, `{}` for the set-up itself; None: no run.

    Beside options that stand for runs, one that stands for none says that they do not differ.
    """


class Question(Frozen):
    """One question. Raises SpecError for one that nothing decides."""

    key: str
    kind: Literal["order", "pick", "place"]
    text: str = Field(min_length=1, max_length=MAX_WORDS_LENGTH)
    options: tuple[Option, ...] = Field(default=(), max_length=MAX_OPTIONS)
    """Of a place exactly one: the run whose measured value is to be told."""
    cannot_tell: bool = True
    measure: Measure | None = None
    lower_wins: bool = True
    """An order begins with the lowest value, and the lowest is to be picked; otherwise the highest."""
    right: str = ""
    """Of a pick that nothing measured decides: the key of the right option."""
    unit: str = Field(default="", max_length=32)
    """Of a place, as are the next three."""
    low: float = 0.0
    high: float = 0.0
    within: float = Field(default=1.25, ge=1, le=10)
    """A value is right that is at most so many times too large, or too small."""

    @model_validator(mode="after")
    def _decided(self) -> Self:
        keys = [option.key for option in self.options]
        if len(set(keys)) < len(keys):
            raise SpecError(f"{self.key}.options: got two of the same key; expected each once.")
        runs = [option for option in self.options if option.spec is not None]
        if self.kind == "place":
            if len(self.options) != 1 or len(runs) != 1 or not self.measure or not self.low < self.high:
                raise SpecError(
                    f"{self.key}: to place a value takes one option with a spec, a measure, and low below high."
                )
            return self
        if len(self.options) < 2:
            raise SpecError(f"{self.key}.options: got {len(self.options)}; expected 2 to {MAX_OPTIONS}.")
        if self.kind == "order" and len(runs) < len(self.options):
            raise SpecError(f"{self.key}.options: each needs a spec, because runs are what is put in order.")
        if self.measure and (self.right or len(runs) < 2):
            raise SpecError(f"{self.key}: a measure decides between two options or more that have a spec.")
        if not self.measure and (self.kind == "order" or self.right not in keys):
            raise SpecError(
                f"{self.key}.right: got {self.right[:40]!r}; expected one of {listing(keys)}, or a measure."
            )
        return self

    def option(self, key: str) -> Option:
        """The option of this key."""
        return next(option for option in self.options if option.key == key)


Value = tuple[tuple[str, ...], ...] | float | str
"""Of an order: the keys from first to last, those told to be alike in one group; of a pick: a key; of a place: a
number; of any: CANNOT_TELL."""


class Answer(Frozen):
    """What somebody answered, and how sure they were."""

    value: Value
    sure: Sure = Sure.GUESS

    @property
    def tells(self) -> bool:
        """Whether it claims anything."""
        return self.value != CANNOT_TELL

    def answers(self, question: Question) -> bool:
        """Whether it is an answer to this question: a stored one may be to an earlier wording."""
        if not self.tells:
            return question.cannot_tell
        keys = [option.key for option in question.options]
        match question.kind:
            case "order":
                value = self.value if isinstance(self.value, tuple) else ()
                return sorted(key for group in value for key in group) == sorted(keys)
            case "pick":
                return self.value in keys
            case _:
                return isinstance(self.value, float)
