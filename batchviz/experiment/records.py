"""A run, and what its worker hands in: Run, Status, Report, Outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.series import SERIES, Series, join, length
from batchviz.experiment.spec import RunSpec


class Status(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    DIVERGED = "diverged"

    @property
    def final(self) -> bool:
        """True when nothing more will be recorded."""
        return self not in (Status.QUEUED, Status.RUNNING)


class Source(StrEnum):
    """Where a run was trained."""

    HERE = ""
    ARCHIVE = "archive"  # on another BatchViz, as the archive says
    HISTORY = "history"  # by another program, whose history was imported


HISTORY_FIELDS = frozenset(
    {"dataset", "rows", "batch_size", "budget_unit", "budget", "validation_split", "seed"}
)
"""What is asked for when a history is imported, or follows from it; its model and optimiser are not known."""


@dataclass(frozen=True)
class Progress:
    """How far a run has come; `seconds` is training time, without set-up and evaluation."""

    updates: int = 0
    examples: int = 0
    epochs: float = 0.0
    seconds: float = 0.0
    elapsed: float = 0.0
    """Seconds that passed since the first update, evaluation and all that is between epochs inside; without set-up."""


@dataclass(frozen=True)
class Report:
    """The rows recorded since the last report."""

    updates: Series
    epochs: Series
    progress: Progress
    measured: Series = field(default_factory=SERIES["measured"].empty)
    last: bool = False
    """Nothing follows but how the run ended."""

    @property
    def series(self) -> dict[str, Series]:
        """The rows by the name of their kind."""
        return {kind: getattr(self, kind) for kind in SERIES}

    def followed_by(self, later: Report) -> Report:
        """Both as one."""
        joined = {kind: join([rows, later.series[kind]], kind) for kind, rows in self.series.items()}
        return Report(**joined, progress=later.progress, last=later.last)


@dataclass(frozen=True)
class RowCounts:
    """Rows of an attempt, of each kind of series."""

    updates: int = 0
    epochs: int = 0
    measured: int = 0

    def after(self, report: Report) -> RowCounts:
        """With those of a report."""
        return RowCounts(**{kind: getattr(self, kind) + length(rows) for kind, rows in report.series.items()})


@dataclass(frozen=True)
class Outcome:
    """How a run ended, in words (`reason`) and in the values that lists show (`final`)."""

    status: Status
    reason: str
    final: Mapping[str, float]
    progress: Progress


@dataclass(frozen=True)
class Run:
    """One run as the store knows it. Times are Unix seconds, None until they happen."""

    id: str
    attempt: int
    spec: RunSpec
    status: Status
    reason: str
    owner: str
    created: float
    started: float | None = None
    finished: float | None = None
    progress: Progress = field(default_factory=Progress)
    final: Mapping[str, float] = field(default_factory=dict)
    source: Source = Source.HERE
    measure_at: tuple[int, ...] | None = ()
    """Updates after which it was asked to be measured, beside those that `moments` finds worth it.

    None for the ends of its epochs alone.
    """
    title: str = ""
    """Given at import to a run that was trained elsewhere; part of the run, whoever looks at it."""

    @classmethod
    def planned(cls, specs: Sequence[RunSpec]) -> list[Run]:
        """Runs that nobody started: for what they are called and how they look beside each other."""
        return [
            cls(f"planned {place}", 1, spec, Status.QUEUED, "", "", 0.0) for place, spec in enumerate(specs)
        ]

    @property
    def plan(self) -> Plan:
        """What its spec implies."""
        return plan_for(self.spec)

    def counted(self, unit: str) -> float | None:
        """Updates, examples or seconds of the whole run so far; None where an imported history does not say."""
        if self.source is Source.HISTORY:
            return self.final.get(unit)
        counts = {"updates": self.progress.updates, "examples": self.progress.examples}
        return counts.get(unit, self.progress.seconds)

    @property
    def known_fields(self) -> frozenset[str]:
        """The fields of the spec that are known: all, but few of a history that another program wrote."""
        return known_fields(self.source, self.final)


def known_fields(source: Source, final: Mapping[str, float]) -> frozenset[str]:
    """The fields of a spec that are known of a run from there, which ended with these values."""
    if source is not Source.HISTORY:
        return frozenset(RunSpec.model_fields)
    # `final` names the rows where they were stated at import; those of the spec are stand-ins otherwise.
    return HISTORY_FIELDS if "rows" in final else HISTORY_FIELDS - {"rows", "validation_split"}
