"""A class as values: how far it is, who is in it, what it trains. No names: a member is a random number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Of a class code, which is read off a wall and typed: none that looks like another (I, L, 1; O, 0; U, V)."""
CODE_LENGTH = 5


class Phase(StrEnum):
    """Where a round of a class stands. It goes on, never back: what was hidden could be voted on again otherwise."""

    OPEN = "open"
    """Members come in and read the facts."""
    VOTING = "voting"
    DISCUSSION = "discussion"
    """Members talk; nothing is taken."""
    SECOND_VOTE = "second vote"
    REVEAL = "reveal"
    """The runs train on everyone's screen, and the split is shown."""

    @property
    def next(self) -> tuple[Phase, ...]:
        """Where a teacher may lead from here, the usual way first."""
        return _NEXT[self]


_NEXT = {
    Phase.OPEN: (Phase.VOTING, Phase.REVEAL),
    Phase.VOTING: (Phase.REVEAL, Phase.DISCUSSION),
    Phase.DISCUSSION: (Phase.SECOND_VOTE, Phase.REVEAL),
    Phase.SECOND_VOTE: (Phase.REVEAL,),
    Phase.REVEAL: (),
}


class Vote(StrEnum):
    """What an answer is to. Each is taken in some phases alone, and its split is shown from the reveal on."""

    BEFORE = "before"
    """The transfer question, before the lesson."""
    FIRST = "first"
    """The prediction."""
    SECOND = "second"
    """The prediction again, after the discussion."""
    AFTER = "after"
    """The transfer question's twin, after the lesson."""

    @property
    def phases(self) -> tuple[Phase, ...]:
        """When it is taken."""
        return _TAKEN[self]


_TAKEN = {
    Vote.BEFORE: (Phase.OPEN,),
    Vote.FIRST: (Phase.VOTING,),
    Vote.SECOND: (Phase.SECOND_VOTE,),
    Vote.AFTER: (Phase.REVEAL,),
}


class Arm(StrEnum):
    """What a member does first, where the teacher has it drawn by lot."""

    PREDICT = "predict"
    WATCH = "watch"


@dataclass(frozen=True)
class Classroom:
    """A class as everybody may know it: how many answered, never what. Times are Unix seconds."""

    code: str
    owner: str
    """The visitor who opened it, for whom its runs train."""
    round: int
    """Lessons so far, counted from 1."""
    lesson: str
    """Of this round: a slug, or the text of a lesson that was written by hand."""
    phase: Phase
    created: float
    ends: float
    """When it is deleted."""
    ended: float | None
    """Since when nothing is taken any more."""
    measures: bool
    """Whether it asks before and after what was learned, and draws by lot who predicts."""
    members: int
    answered: Mapping[Vote, int] = field(default_factory=dict)
    """Of this round."""
    runs: tuple[str, ...] = ()
    """What this round trains, by id, once it is revealed."""
    over: bool = False
    """Whether these have all ended."""
    sweep: str = ""
    """The grid whose points members train (JSON), empty for none."""
    points: int = 0
    """Of that grid, handed out."""
    trained: int = 0
    """Of these, over."""
    elsewhere: int = 0
    """Trainings that other programs sent."""

    @property
    def open(self) -> bool:
        """Whether it still takes anything."""
        return self.ended is None


@dataclass(frozen=True)
class Member:
    """Somebody in a class."""

    id: int
    arm: Arm


@dataclass(frozen=True)
class Point:
    """What one member trains for the class: the n-th point of its grid."""

    number: int
    member: int
    run: str


@dataclass(frozen=True)
class SentTraining:
    """What another program sent while it trained: told, and not checked by anybody."""

    sender: str
    batch_size: int | None
    seed: int | None
    epochs: tuple[Mapping[str, float], ...]
    """One an epoch from the first on, with the names that Keras gave."""
    changed: float


@dataclass(frozen=True)
class AnswerRow:
    """One answer as the export has it. `member` is a number drawn for this export: it says who else's it is not."""

    member: int
    round: int
    lesson: str
    arm: Arm
    vote: Vote
    answer: str


def tidy_code(text: str) -> str:
    """A code as it is kept, out of how somebody typed it: `k7p-3m` is `K7P3M`."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[: 2 * CODE_LENGTH]
