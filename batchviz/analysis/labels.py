"""What the groups of a comparison are called, short: by batch size, or by what differs where that is one for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from batchviz.analysis.differences import TELLING, distinct, label, whole_label
from batchviz.experiment import datasets
from batchviz.experiment.models import MODELS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.parsing import as_text
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec


def labels(runs: Sequence[Run], names: Sequence[str]) -> list[str]:
    """A label for each group's first run, all different. `names`: those given by people, "" where there is none.

    `B = 32` where batch sizes differ, with more behind it where runs share one; `lr 0.01` alone where all do.
    """
    unnamed = [at for at, name in enumerate(names) if not name]
    head_texts = heads([runs[at].spec for at in unnamed])
    one_size = len(set(head_texts)) == 1 and len(head_texts) > 1
    texts = list(names)
    for at, head in zip(unnamed, head_texts, strict=True):
        texts[at] = "" if one_size else head
    for text in dict.fromkeys(texts):
        alike = [at for at, other in enumerate(texts) if other == text]
        if len(alike) > 1:
            for at, words in zip(alike, _apart([runs[at] for at in alike]), strict=True):
                texts[at] = ", ".join(filter(None, (text, *words)))
    return distinct([text or label(run.spec) for text, run in zip(texts, runs, strict=True)])


def heads(specs: Sequence[RunSpec]) -> list[str]:
    """How each takes its batches. Two courses between the same sizes are told whole."""
    accumulated = len({spec.accumulation for spec in specs}) > 1
    courses: dict[str, set[str]] = {}
    for spec in specs:
        courses.setdefault(label(spec), set()).add(whole_label(spec))
    texts = []
    for spec in specs:
        text = label(spec) if len(courses[label(spec)]) == 1 else whole_label(spec)
        if accumulated and spec.accumulation > 1:
            text = f"{text}, {spec.accumulation} micro-batches" if spec.batch_schedule else _accumulated(spec)
        texts.append(text)
    return texts


def _apart(runs: Sequence[Run]) -> list[list[str]]:
    """What tells runs of one name apart: of the fields that differ as many as are needed, the first ones first."""
    words: list[list[str]] = [[] for _ in runs]
    for field in TELLING:
        if len({tuple(so_far) for so_far in words}) == len(runs):
            break
        values = [word(run.spec, field) if field in run.known_fields else "" for run in runs]
        if len({text for text in values if text}) > 1:
            for so_far, text in zip(words, values, strict=True):
                so_far += [text] if text and text not in so_far else []
    return words


def word(spec: RunSpec, field: str) -> str:
    """The value of one field as it stands in a label: `lr 0.01`, `SGD momentum 0.9`, `growing 32 to 256`."""
    return _WORDS[field](spec) if field in _WORDS else f"{_TITLES[field]} {as_text(getattr(spec, field))}"


def _accumulated(spec: RunSpec) -> str:
    return f"accumulated {spec.accumulation} x {spec.batch_size}" if spec.accumulation > 1 else label(spec)


def _optimizer(spec: RunSpec) -> str:
    optimizer = OPTIMIZERS[spec.optimizer]
    if not optimizer.has_momentum:
        return optimizer.title
    kind = "Nesterov" if optimizer.constants.get("nesterov") else "momentum"
    return f"SGD {kind} {spec.momentum:g}"


def _hidden(spec: RunSpec) -> str:
    return f"hidden {'-'.join(map(str, spec.hidden)) or 'none'}"


def _budget(spec: RunSpec) -> str:
    return f"{as_text(spec.budget)} {spec.budget_unit if spec.budget != 1 else spec.budget_unit[:-1]}"


_TITLES = {
    "learning_rate": "lr", "base_batch_size": "base", "noise": "noise", "dropout": "dropout",
    "rows": "rows", "data_seed": "data seed", "validation_split": "held out",
}  # fmt: skip
_RULES = {"fixed": "fixed rate", "linear": "linear rule", "sqrt": "square-root rule"}
_WORDS: Mapping[str, Callable[[RunSpec], str]] = {
    "batch_size": lambda spec: f"B = {spec.batch_size}",
    "batch_schedule": label,
    "accumulation": _accumulated,
    "optimizer": _optimizer,
    "momentum": _optimizer,
    "learning_rate_rule": lambda spec: _RULES[spec.learning_rate_rule],
    "dataset": lambda spec: f"{datasets.find(spec.dataset).title} {datasets.identity(spec.dataset)}".strip(),
    "model": lambda spec: MODELS[spec.model].title,
    "hidden": _hidden,
    "activation": lambda spec: spec.activation,
    "batch_norm": lambda spec: "batch norm" if spec.batch_norm else "not normalised",
    "budget": _budget,
    "budget_unit": _budget,
}
