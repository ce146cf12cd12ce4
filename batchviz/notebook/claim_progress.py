"""What a terminal shows while claims are tested: a bar by the work that is left of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self, TextIO

from batchviz.claims.claim import Claim
from batchviz.experiment.probes import Task
from batchviz.experiment.spec import RunSpec
from batchviz.notebook.sweep_progress import bar, work

PROBE_WORK = 5000
"""Updates that take about as long as a probe."""


class ClaimProgress:
    """A bar on a terminal; it is taken away at the end."""

    def __init__(self, stream: TextIO, claims: Sequence[Claim]) -> None:
        self._bar = bar(stream)
        self._all = len(claims)
        self._begun = 0
        self._claim_work = self._claim_done = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task("", total=self._all)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, claim: Claim, tasks: Sequence[Task]) -> None:
        """This claim is tested next, by these. Every claim is as much of the bar as any other."""
        self._claim_work, self._claim_done = sum(map(_work, tasks)), 0.0
        text = f"{self._begun} of {self._all} claims, now {claim.key}"
        self._bar.update(self._task, description=text, completed=self._begun)
        self._begun += 1

    def ended(self, task: Task) -> None:
        """One of them ended."""
        self._claim_done += _work(task)
        share = self._claim_done / self._claim_work
        self._bar.update(self._task, completed=self._begun - 1 + share)


def _work(task: Task) -> int:
    return work(task) if isinstance(task, RunSpec) else PROBE_WORK
