"""What the file holds as data: every run once, and for every choice its looks and its verdicts, as they were computed.

src/demo/document.d.ts says the same to the scripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from typing_extensions import TypedDict

from batchviz.analysis.comparability import NotComparable
from batchviz.analysis.comparison import Comparison, compare
from batchviz.analysis.downsampling import Bins
from batchviz.analysis.pace import Clocks
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.parsing import as_text
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series
from batchviz.exporters import playback
from batchviz.exporters.demo.choices import Choice, choices, first_shown, names, setups
from batchviz.exporters.demo.trainable import TrainablePayload, trainable
from batchviz.exporters.limits import MAX_DEMO_EPOCH_ROWS
from batchviz.exporters.selection import Selection
from batchviz.figures.appearance import Look, looks
from batchviz.frontend.payload import (
    ClocksPayload,
    RecordedRun,
    UpdateRows,
    clocks,
    means,
    no_update_rows,
    update_rows,
)
from batchviz.text import demo as words

EQUAL = ("epochs", "updates", "seconds")
"""Units at which verdicts are given beside those at the ends."""


class LookPayload(TypedDict):
    """What stands for a group beside the others of a choice."""

    label: str
    color: dict[str, str]
    dash: str
    panel: str
    end: str


class VerdictPayload(TypedDict):
    """What is said of a choice at one budget. `axis` counts it; `at` is where on it, None for the ends."""

    unit: str
    name: str
    axis: str
    at: float | None
    headline: str
    evidence: str


class ChoicePayload(TypedDict):
    """One of `choices`; what its runs differ in is "", and its `examples` or `rate` None."""

    setup: int
    over: str
    batch_size: str
    examples: int | None
    learning_rate: str
    rate: float | None
    runs: list[str]
    looks: dict[str, LookPayload]
    """By group."""
    note: str
    """What dashes and panels stand for."""
    findings: list[VerdictPayload]


class Document(TypedDict):
    """All of it. `first` is the number of the choice that is shown first."""

    setups: list[str]
    trainable: list[TrainablePayload | None]
    """By set-up what the page needs to train it itself; None where it cannot."""
    choices: list[ChoicePayload]
    runs: dict[str, RecordedRun]
    clocks: ClocksPayload
    first: int


def document(selection: Selection) -> Document:
    """The document without the updates of its runs, which `with_updates` adds: how many fit is to be seen."""
    runs = [entry.run for entry in selection.entries]
    on = [Clocks(path, selection.clocks(path)) for path in ClockPath]
    alone = looks(runs)
    messages: dict[str, RecordedRun] = {}
    series: dict[str, Series] = {}
    for entry in selection.entries:
        run = entry.run
        measured = playback.measurements(selection, run.id, MAX_DEMO_EPOCH_ROWS)
        series[run.id] = measured.rows
        none = no_update_rows(Bins(1))
        messages[run.id] = playback.message(entry, alone[run.id], measured, none)
    offered = choices(runs)
    return {
        "setups": names(runs),
        "trainable": [trainable(members) for members in setups(runs).values()],
        "choices": [_choice(choice, messages, series, on[0]) for choice in offered],
        "runs": messages,
        "clocks": clocks(runs, on),
        "first": first_shown(offered),
    }


def with_updates(document: Document, updates: Mapping[str, UpdateRows]) -> Document:
    """The same, these runs with their updates."""
    runs = {
        id: {**run, "updates": updates[id]} if id in updates else run for id, run in document["runs"].items()
    }
    return {**document, "runs": runs}  # type: ignore[typeddict-item]


def updates(selection: Selection, most: int) -> dict[str, UpdateRows]:
    """Every update of the first seed of each setting, in at most so many buckets a run."""
    leads: dict[tuple[object, ...], Run] = {}
    for entry in selection.entries:
        run = entry.run
        key = (run.spec.group, run.source, run.title)
        if key not in leads or run.spec.seed < leads[key].spec.seed:
            leads[key] = run
    return {run.id: update_rows(playback.updates(selection, run, most)) for run in leads.values()}


def _choice(
    choice: Choice, messages: Mapping[str, RecordedRun], series: Mapping[str, Series], on: Clocks
) -> ChoicePayload:
    look = looks(choice.runs)
    size, rate = choice.batch_size, choice.learning_rate
    return {
        "setup": choice.setup,
        "over": choice.over,
        "batch_size": "" if size is None else as_text(size),
        "examples": None if size is None else choice.runs[0].plan.first.batch_size,
        "learning_rate": "" if rate is None else as_text(rate),
        "rate": rate,
        "runs": [run.id for run in choice.runs],
        "looks": {messages[run.id]["group"]: _look(look[run.id]) for run in choice.runs},
        "note": means(choice.runs)["note"],
        "findings": [_verdict(comparison) for comparison in comparisons(choice.runs, series, on)],
    }


def _look(look: Look) -> LookPayload:
    return {"label": look.label, "color": look.color, "dash": look.dash, "panel": look.panel, "end": look.end}


def comparisons(runs: Sequence[Run], series: Mapping[str, Series], clocks: Clocks) -> Iterator[Comparison]:
    """At the ends, and at every equal budget that says something else and at which all can be compared."""
    validated = any(run.plan.validation_rows for run in runs)
    metric = "val_loss" if validated else "train_loss"
    own = {run.spec.budget_unit for run in runs}
    ends = compare(runs, series, metric=metric, clocks=clocks)
    yield ends
    if len(ends.groups) < 2:
        return
    for unit in EQUAL:
        # Of the same rows equal examples are equal epochs.
        if {unit} == {"epochs" if each == "examples" else each for each in own}:
            continue
        equal = compare(runs, series, metric=metric, unit=unit, clocks=clocks)
        if equal.cut is not None and not isinstance(equal.finding, NotComparable):
            yield equal


def _verdict(comparison: Comparison) -> VerdictPayload:
    headline, evidence = words.verdict(comparison)
    unit, cut = comparison.unit, comparison.cut
    budget = comparison.groups[0].spec.budget_unit
    return {
        "unit": "end" if unit is None else unit.key,
        "name": words.compared_at(comparison),
        "axis": ("updates" if budget == "updates" else "epochs") if unit is None else unit.key,
        "at": None if cut is None else float(cut.budget),
        "headline": headline,
        "evidence": evidence,
    }
