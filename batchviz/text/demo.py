"""The words of the file that demonstrates: what it holds, what can be chosen, and who recorded it when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from batchviz.analysis.comparison import Comparison
from batchviz.analysis.differences import DifferingField
from batchviz.analysis.units import UNITS
from batchviz.experiment import datasets
from batchviz.experiment.records import Run, Source
from batchviz.experiment.spec import RunSpec
from batchviz.text.comparison import sentences
from batchviz.text.names import amount
from batchviz.text.numbers import MAX_NAMED, count, listing

END = "Their ends"
UPDATES_OF_FIRST = "Every update is there of the first seed of each setting, of the others the measurements."


def title(setups: Sequence[str]) -> str:
    """Over the page where its author gave none."""
    return f"What batch size does: {listing(setups, MAX_NAMED)}" if any(setups) else "What batch size does"


def subtitle(runs: Sequence[Run], setups: Sequence[str]) -> str:
    """Under it: what there is to choose from."""
    sizes, rates = (
        len({getattr(run.spec, field) for run in runs}) for field in ("batch_size", "learning_rate")
    )
    seeds = len({run.spec.seed for run in runs})
    parts = [
        count(sizes, "batch size"),
        count(rates, "learning rate"),
        count(seeds, "seed"),
        *([count(len(setups), "set-up")] if len(setups) > 1 else []),
    ]
    return (
        f"{count(len(runs), 'recorded run')} of real Keras training: {listing(parts)}. "
        "Nothing is simulated: what was not trained cannot be chosen."
    )


def training(seeds: int, spec: RunSpec) -> str:
    """What the page trains at one press: `10 seeds, 10 epochs each`."""
    return f"{count(seeds, 'seed')}, {amount(UNITS[spec.budget_unit], spec.budget)} each"


def setups(differing: Sequence[DifferingField]) -> list[str]:
    """What tells each set-up from the others, in as few words as that takes: `Digits`, `Digits, optimiser sgd`."""
    names = [""] * len(differing[0].values) if differing else []
    for field in sorted(differing, key=lambda field: field.field != "dataset"):
        if len(set(names)) == len(names):
            break
        words = [
            value if field.field == "dataset" else f"{field.title.lower()} {value}" for value in field.values
        ]
        names = [", ".join(filter(None, pair)) for pair in zip(names, words, strict=True)]
    return names


def data(run: Run) -> str:
    """What a single set-up is called: by its data, an imported history by its title."""
    return run.title or datasets.find(run.spec.dataset).title


def compared_at(comparison: Comparison) -> str:
    """Where the runs are compared: `Their ends`, `10 updates each`."""
    return END if comparison.unit is None else f"{amount(comparison.unit, comparison.budget)} each"


def verdict(comparison: Comparison) -> tuple[str, str]:
    """The finding in one sentence, and the evidence with all that must be known beside it."""
    first, *rest = sentences(comparison)
    return first, " ".join(rest)


def recorded(runs: Sequence[Run], versions: Sequence[str], notes: Sequence[str]) -> str:
    """When the runs were trained, and with what; `versions` are fingerprints, `notes` what imported ones say."""
    ends = sorted(run.finished for run in runs if run.finished is not None and run.source is Source.HERE)
    if not ends:
        return " ".join(notes)
    days = list(dict.fromkeys([_day(ends[0]), _day(ends[-1])]))
    when = f"on {days[0]}" if len(days) == 1 else f"from {days[0]} to {days[1]}"
    with_these = f" with {'; or '.join(map(_programs, versions))}" if versions else ""
    return " ".join([f"Recorded {when}{with_these}.", *notes])


def _programs(fingerprint: str) -> str:
    """`TensorFlow 2.21.0, Keras 3.15.1 and NumPy 2.4.6` of what `experiment.environment` tells."""
    names = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}
    pairs = [part.partition(" ") for part in fingerprint.split(", ")]
    return listing([f"{names[name]} {version}" for name, _, version in pairs if name in names])


def _day(unix_seconds: float) -> str:
    when = datetime.fromtimestamp(unix_seconds, UTC)
    return f"{when.day} {when:%B %Y}"
