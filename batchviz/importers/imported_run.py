"""A run that was trained elsewhere, read and checked: what `store.runs.add_imported` takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class ImportedRun:
    """One imported run, and what its exporter had written on it."""

    spec: RunSpec
    source: Source
    title: str
    status: Status
    reason: str
    final: Mapping[str, float]
    progress: Progress
    epochs: Series
    updates: Series
    measured: Series = field(default_factory=SERIES["measured"].empty)
    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()

    @property
    def arguments(self) -> dict[str, Any]:
        """For `store.runs.add_imported(owner, spec, **arguments)`; note and tags are for `annotate`."""
        names = "source title status reason final progress epochs updates measured name"
        return {name: getattr(self, name) for name in names.split()}


def clean(text: str, length: int) -> str:
    """Text as every database takes it: no null characters, no halves of a pair, not too long."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:length]
