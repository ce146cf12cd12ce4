"""What things are called: metrics, amounts of training, fields, sources, and what else distinguishes a run."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.differences import DifferingField, label
from batchviz.analysis.metrics import METRICS, Metric
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import UNITS, Unit
from batchviz.experiment import datasets
from batchviz.experiment.models import MODELS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Run, Source
from batchviz.experiment.spec import RunSpec
from batchviz.text.numbers import MAX_NAMED, count, listing, number

SOURCES = {Source.HERE: "Trained here", Source.ARCHIVE: "Imported", Source.HISTORY: "Imported history"}
"""Where a run was trained."""
METRIC_TITLES = {metric.key: f"{metric.part.capitalize()} {metric.kind}" for metric in METRICS.values()}
"""Where the task is not known yet: `Validation loss`."""

AXES = {
    "epochs": "epochs",
    "updates": "updates",
    "examples": "training examples seen",
    "seconds": "training time in seconds",
}
"""What stands along an axis, by unit."""
# Targets of uploads and of most data sets are standardised: their unit in training is the standard deviation.
_VALUE_UNITS = {
    "MSE": "squared units of the target as trained",
    "MAE": "units of the target as trained",
    "cross-entropy": "nats",
    "accuracy": "share correct",
}


def metric_name(metric: Metric, plans: Sequence[Plan]) -> str:
    """In a sentence: `validation MSE`; `validation loss` over a mix of tasks."""
    return f"{metric.part} {quality_name(metric, plans)}"


def quality_name(metric: Metric, plans: Sequence[Plan]) -> str:
    """What is measured, whichever rows it is measured on: `MSE`, `accuracy`; `loss` over a mix of tasks."""
    names = {plan.loss_name if metric.kind == "loss" else plan.metric_name for plan in plans}
    if len(names) != 1:
        return metric.kind
    [name] = names
    return name if name.isupper() else name.lower()


def with_unit(name: str) -> str:
    """What stands along an axis: `validation MSE, squared units of the target as trained`."""
    unit = next((unit for quality, unit in _VALUE_UNITS.items() if name.endswith(quality)), "")
    return f"{name}, {unit}" if unit else name


def amount(unit: Unit, value: float) -> str:
    """`10 epochs`, `1 update`, `0.52 seconds`."""
    return f"{number(value)} seconds" if unit.key == "seconds" else count(value, unit.singular)


def budget(group: Group) -> str:
    """What the group's runs were to have: `10 epochs`. One of time is of the time that passed, not of a clock."""
    spec = group.spec
    if spec.budget_unit == "seconds":
        here = "on this machine" if group.runs[0].source is Source.HERE else "where they were trained"
        return f"{number(spec.budget)} s of training {here}"
    return amount(UNITS[spec.budget_unit], spec.budget)


def field_list(fields: Sequence[DifferingField]) -> str:
    """`hidden widths and learning rate`."""
    return listing([field.title.lower() for field in fields])


def group_list(groups: Sequence[Group]) -> str:
    """`B = 8, B = 64 and 7 more`."""
    return listing([group.label for group in groups], MAX_NAMED)


def run_details(run: Run) -> str:
    """What distinguishes a run beside its label, short; of a history that was imported little is known."""
    if run.source is Source.HISTORY:
        return f"Imported history, {label(run.spec)}, seed {run.spec.seed}"
    return details(run.spec)


def rate_used(spec: RunSpec) -> str:
    """The learning rate of its updates, as the rule makes it: `0.001`; `0.001 to 0.008` where sizes change."""
    rates = [stretch.learning_rate for stretch in spec.schedule.stretches()]
    texts = list(dict.fromkeys(number(rate) if rate != spec.learning_rate else f"{rate:g}" for rate in rates))
    return texts[0] if len(texts) == 1 else f"{texts[0]} to {texts[-1]}"


def details(spec: RunSpec) -> str:
    """What else was set, short: `Adam, lr 0.001, 16 relu, seed 0`."""
    hidden = "-".join(map(str, spec.hidden)) or "no"
    parts = [OPTIMIZERS[spec.optimizer].title, f"lr {rate_used(spec)}"]
    if spec.learning_rate_rule != "fixed":
        rule = {"linear": "linear", "sqrt": "square-root"}[spec.learning_rate_rule]
        parts[-1] += f" ({rule} rule, {spec.learning_rate:g} at B = {spec.base_batch_size})"
    parts.append(
        f"{hidden} {spec.activation}" if spec.model == "mlp" else f"{MODELS[spec.model].title} {hidden}"
    )
    parts += [f"dropout {spec.dropout:g}"] if spec.dropout else []
    parts += ["batch norm"] if spec.batch_norm else []
    parts += [f"{spec.accumulation} micro-batches"] if spec.accumulation > 1 else []
    if spec.dataset != "random":
        parts.insert(0, datasets.find(spec.dataset).title)
    return ", ".join([*parts, f"seed {spec.seed}"])
