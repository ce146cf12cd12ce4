"""What a terminal shows while claims are tested: a bar by the work that is left of all of them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from batchviz.claims.claim import Claim
from batchviz.experiment.probes import Task
from batchviz.experiment.spec import RunSpec
from batchviz.notebook.sweep_progress import bar, work

FILE_SECONDS = 0.5
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


class ProgressFile:
    """How far it is, in a file for another program: one JSON object, replaced as a whole twice a second at most."""

    def __init__(self, path: Path, claims: Sequence[Claim]) -> None:
        self._path, self._all, self._begun = path, len(claims), 0
        self._claim = ""
        self._work = self._done = 0.0
        self._written = float("-inf")

    def begin(self, claim: Claim, tasks: Sequence[Task]) -> None:
        """This claim is tested next, by these."""
        self._claim, self._work, self._done = claim.key, sum(map(_work, tasks)), 0.0
        self._begun += 1
        self._write()

    def ended(self, task: Task) -> None:
        """One of them ended."""
        self._done += _work(task)
        if time.monotonic() - self._written >= FILE_SECONDS:
            self._write()

    def _write(self) -> None:
        share = (self._begun - 1 + self._done / self._work) / self._all
        draft = self._path.with_name(f"{self._path.name}.part")
        draft.write_text(json.dumps({"share": round(share, 4), "claim": self._claim}), encoding="utf-8")
        draft.replace(self._path)
        self._written = time.monotonic()


def _work(task: Task) -> int:
    return work(task) if isinstance(task, RunSpec) else PROBE_WORK
