"""What a terminal shows of a sweep: a bar by the updates that are left, with the time they will take."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.notebook.swept_run import SweptRun

UPDATES_A_RUN = 500
"""What beginning and ending a run takes, in updates: without it the many short runs of large batches would be free."""


class SweepProgress:
    """A bar on a terminal; it is taken away at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._bar = bar(stream)
        self._task: TaskID | None = None
        self._all = self._ended = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, specs: Sequence[RunSpec]) -> None:
        """These are to be trained next."""
        self._all += len(specs)
        more = sum(map(work, specs))
        if self._task is None:
            self._task = self._bar.add_task(self._description(), total=more)
        else:
            total = self._bar.tasks[0].total or 0
            self._bar.update(self._task, total=total + more, description=self._description())

    def ended(self, swept: SweptRun) -> None:
        """One of them ended."""
        self._ended += 1
        if self._task is not None:
            self._bar.update(self._task, advance=work(swept.run.spec), description=self._description())

    def say(self, sentence: str) -> None:
        """Something that whoever waits should know now, above the bar."""
        self._bar.console.print(sentence, markup=False, highlight=False)

    def _description(self) -> str:
        return f"{self._ended} of {self._all} runs"


def bar(stream: TextIO) -> Progress:
    """A bar with a text before it and the time that is left after it; it is taken away at the end."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(file=stream, force_terminal=True),
        transient=True,
        refresh_per_second=4,
    )


def work(spec: RunSpec) -> int:
    """What a run takes, in updates."""
    return UPDATES_A_RUN + (plan_for(spec).updates or 0)
