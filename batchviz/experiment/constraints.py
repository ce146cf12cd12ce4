"""What a field accepts, in words and numbers: read by every form, link and command-line flag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

from batchviz.experiment import datasets
from batchviz.experiment.limits import MAX_BATCH_SIZE, MAX_SWEEP_TARGETS, MAX_SWEEP_VALUES
from batchviz.experiment.models import ACTIVATIONS, MODELS
from batchviz.experiment.optimizers import OPTIMIZERS

BatchSize = Annotated[int, Field(ge=1, le=MAX_BATCH_SIZE)] | Literal["full"]
BUDGET_LIMITS = {"epochs": 10_000, "updates": 5_000_000, "examples": 100_000_000, "seconds": 600}
LEARNING_RATE_RULES = {
    "fixed": "Fixed",
    "linear": "Linear in batch size",
    "sqrt": "Square root of batch size",
}

CHOICES: Mapping[str, tuple[str, ...]] = {
    "dataset": tuple(datasets.DATASETS),
    "model": tuple(MODELS),
    "activation": tuple(ACTIVATIONS),
    "optimizer": tuple(OPTIMIZERS),
    "learning_rate_rule": tuple(LEARNING_RATE_RULES),
    "budget_unit": tuple(BUDGET_LIMITS),
}
"""The fields that take one of a few names, in the order they are offered."""

_PHRASES = {
    "batch_size": f'a whole number from 1 to {MAX_BATCH_SIZE:,}, or "full"',
    "batch_schedule": 'up to 20 pairs of an epoch from 2 on and a batch size, for example "5:128, 10:full"',
    "batch_sizes": f'up to {MAX_SWEEP_VALUES} batch sizes, for example "1, 8, 32, full"',
    "learning_rates": f'up to {MAX_SWEEP_VALUES} numbers above 0, at most 1,000, for example "0.001, 0.003"',
    "targets": f'up to {MAX_SWEEP_TARGETS} losses above 0, for example "0.5, 0.3"',
    "hidden": 'up to 6 widths from 1 to 2,048, for example "64, 32"',
    "first": "the id of a run",
    "second": "the id of a run",
}


def accepts_name(name: str, value: Any) -> bool:
    """Whether a field that takes names takes this one; True for every other field."""
    if name == "dataset":
        return datasets.exists(str(value))
    return name not in CHOICES or value in CHOICES[name]


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """The least and greatest value, None where there is none. Those of `gt` and `lt` are exclusive."""
    low = high = None
    for rule in field.metadata:
        low = getattr(rule, "ge", getattr(rule, "gt", None)) if low is None else low
        high = getattr(rule, "le", getattr(rule, "lt", None)) if high is None else high
    return low, high


def expected(name: str, field: FieldInfo) -> str:
    """What the field accepts, as the end of a sentence: `a whole number from 2 to 100,000`."""
    if name in CHOICES:
        return f"one of {', '.join(CHOICES[name])}"
    if name in _PHRASES:
        return _PHRASES[name]
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(map(str, get_args(field.annotation)))}"
    if field.annotation is bool:
        return "true or false"
    if field.annotation is str:
        most = next((rule.max_length for rule in field.metadata if hasattr(rule, "max_length")), None)
        return "text" if most is None else f"text of at most {most:,} characters"
    low, high = bounds(field)
    kind = "a whole number" if field.annotation is int else "a number"
    if high is None:
        return kind if low is None else f"{kind} above {low:,}"
    below = any(getattr(rule, "lt", None) is not None for rule in field.metadata)
    return f"{kind} from {low:,} to {'below ' if below else ''}{high:,}"


def explain(error: ValidationError, fields: Mapping[str, FieldInfo]) -> str:
    """One sentence for every field that is wrong: its title, what was given and what was expected."""
    sentences: dict[str, str] = {}
    for problem in error.errors(include_url=False):
        name = str(problem["loc"][0]) if problem["loc"] else ""
        if name in fields:
            title, accepted = fields[name].title, expected(name, fields[name])
            sentences[name] = f"{title}: got {_shortened(problem['input'])}; expected {accepted}."
        else:
            sentences[name] = f"Unknown setting {_shortened(name)}; expected one of {', '.join(fields)}."
    return " ".join(sentences.values())


def _shortened(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out whole numbers of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
