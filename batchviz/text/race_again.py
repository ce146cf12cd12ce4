"""What a press of "Race again" does, in words."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.differences import differing
from batchviz.analysis.labels import word
from batchviz.analysis.race_again import Change, RaceAgain
from batchviz.analysis.replicates import Group
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.text.numbers import count, quantity

LEAD = "Race again:"


def name(race: RaceAgain) -> str:
    """On the button."""
    match race.change:
        case Change.UPDATES:
            return "same updates"
        case Change.LINEAR:
            return "learning rate in proportion to batch size"
        case Change.SEEDS:
            return "more seeds"


def explanation(race: RaceAgain) -> str:
    """What will be trained, and where it appears."""
    runs = count(len(race.specs), "run")
    match race.change:
        case Change.UPDATES:
            return f"Trains {runs}: every batch size learns {quantity(race.amount)} times. They appear beside these."
        case Change.LINEAR:
            optimizer = race.specs[0].optimizer
            return (
                f"Trains {runs} by the linear rule: twice the batch size, twice the learning rate, which stays as it "
                f"is at B = {quantity(race.amount)}.{_ground(optimizer)} They appear beside these."
            )
        case Change.SEEDS:
            return f"Trains {runs}, from other starts: {quantity(race.amount)} seeds of each batch size."


def _ground(optimizer: str) -> str:
    """What speaks for the rule; nothing where it is SGD, for which it is known to hold up to some batch size."""
    if optimizer in ("sgd", "momentum", "nesterov"):
        return ""
    title = OPTIMIZERS[optimizer].title
    return f" The rule is SGD's: for {title} none is known to hold, and here you see what it does."


def started(race: RaceAgain) -> str:
    """Once it was pressed."""
    runs = count(len(race.specs), "run")
    match race.change:
        case Change.UPDATES:
            return f"{runs} at {quantity(race.amount)} updates each: their names end in that."
        case Change.LINEAR:
            return f"{runs} by the linear rule: their names say so.{_ground(race.specs[0].optimizer)}"
        case Change.SEEDS:
            return f"{runs} more: {quantity(race.amount)} seeds of each batch size."


def conditions(race: Sequence[Group], races: Sequence[Sequence[Group]]) -> str:
    """What tells one of several races from the others: `Linear rule`, `250 updates`."""
    fields = differing(
        [groups[0].runs[0] for groups in races], without=("seed", "batch_size", "base_batch_size")
    )
    words = ", ".join(dict.fromkeys(word(race[0].spec, field.field) for field in fields))
    return f"{words[:1].upper()}{words[1:]}"
