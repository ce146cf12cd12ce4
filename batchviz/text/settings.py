"""What was set otherwise than at first, in a few words: for a closed step of the form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from batchviz.analysis.differences import label
from batchviz.experiment.models import MODELS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.spec import RunSpec

_WORDS: Mapping[str, Callable[[RunSpec], str]] = {
    "model": lambda spec: MODELS[spec.model].title.lower(),
    "hidden": lambda spec: (
        f"{MODELS[spec.model].hidden_title.split()[0].lower()} {'-'.join(map(str, spec.hidden)) or 'none'}"
    ),
    "activation": lambda spec: spec.activation,
    "optimizer": lambda spec: OPTIMIZERS[spec.optimizer].title,
    "learning_rate": lambda spec: f"rate {spec.learning_rate:g}",
    "seed": lambda spec: f"seed {spec.seed}",
    "learning_rate_rule": lambda spec: (
        {"linear": "linear", "sqrt": "square-root"}[spec.learning_rate_rule]
        + f" rule from {spec.base_batch_size}"
    ),
    "budget_unit": lambda spec: f"budget in {spec.budget_unit}",
    "momentum": lambda spec: f"momentum {spec.momentum:g}",
    "batch_schedule": label,
    "accumulation": lambda spec: f"{spec.accumulation} batches an update",
    "dropout": lambda spec: f"dropout {spec.dropout:g}",
    "batch_norm": lambda spec: "batch normalisation",
    "rows": lambda spec: f"{spec.rows:,} rows",
    "noise": lambda spec: f"noise {spec.noise:g}",
    "data_seed": lambda spec: f"data seed {spec.data_seed}",
}
"""Field -> its value as the summary has it; what stands in the first step has none."""


def changed(spec: RunSpec, fields: Collection[str], seeds: int = 1, *, inside_epochs: bool = True) -> str:
    """Of these fields, those that are not as the page opens: `3 changed: SGD, rate 0.1, growing 32 to 256`.

    Rows and hidden layers start as those of the data and of the model. Empty where nothing is changed.
    """
    first = RunSpec(dataset=spec.dataset, model=spec.model)
    words = [
        _WORDS[name](spec) for name in fields if name in _WORDS and getattr(spec, name) != _start(first, name)
    ]
    if "seeds" in fields and seeds > 1:
        words.append(f"{seeds} seeds")
    if "measure_inside" in fields and not inside_epochs:
        words.append("measured at epochs' ends only")
    return f"{len(words)} changed: {', '.join(words)}" if words else ""


def _start(first: RunSpec, name: str) -> object:
    return RunSpec.model_fields["model"].default if name == "model" else getattr(first, name)
