"""What a floor is, in words that are true of the very rows of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from batchviz.analysis.metrics import METRICS, Metric
from batchviz.experiment.datasets import Unlearnable
from batchviz.experiment.floor import Floor
from batchviz.experiment.plan import Plan
from batchviz.text.numbers import number, quantity

MAX_DENOMINATOR = 12
"""Of an expectation that is exactly a simple fraction, and is named by it."""


def floor_sentences(plan: Plan, metric: Metric = METRICS["val_loss"]) -> Iterator[str]:
    """What the line drawn under a measure is, and what a curve below it means; nothing where there is no line."""
    floor, level = plan.floor, metric.floor(plan)
    if floor is None or level is None:
        return
    name = plan.loss_name if metric.kind == "loss" else plan.metric_name
    random = floor.unlearnable is Unlearnable.RANDOM_TARGETS
    if metric.part == "training":
        yield f"Floor {number(level)}: {name} of {_remembered(floor)}."
        yield f"What ends below it has memorised {'rows' if random else 'noise'}, not learned."
        return
    assert floor.validation is not None, "only validation rows have such a line"
    rows = quantity(floor.validation.rows)
    yield f"Floor {number(level)}: the {name} that a model that knew the true law would score on these {rows} rows."
    if random:
        yield "The targets are random, so its answer is always 0.5."
    else:
        yield f"What is left is the noise in their targets (standard deviation {floor.noise:g})."
    expected = floor.expected[metric.kind == "metric"]
    yield f"Over many draws of such rows the floor averages {_exact(expected)}."
    yield "A validation curve below the floor is luck, not learning."
    if metric.kind == "loss" and not plan.samples_training_rows:
        yield f"A training loss below {number(floor.training.loss)}, that of {_remembered(floor)}, is memorising."


def floor_note(plans: Sequence[Plan], metric: Metric) -> str:
    """All that is to be said of the floors of these plans under one measure, each once."""
    return " ".join(dict.fromkeys(" ".join(floor_sentences(plan, metric)) for plan in plans)).strip()


def _remembered(floor: Floor) -> str:
    rows = quantity(floor.training.rows)
    if floor.unlearnable is Unlearnable.RANDOM_TARGETS:
        return f"the best constant answer on the {rows} training rows"
    return f"the true law on the {rows} training rows"


def _exact(value: float) -> str:
    """A fraction only where the value is that fraction, to the last digit."""
    fraction = Fraction(value).limit_denominator(MAX_DENOMINATOR)
    if fraction and float(fraction) == value and fraction.denominator > 2:
        return f"{fraction} ({number(value)})"
    return number(value)
