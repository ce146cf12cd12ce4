"""One fault, met by runs that train, runs that wait, people who press Train meanwhile, and people who watch; and the
judgement afterwards: all must be as if nothing had happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from batchviz.errors import StoreError
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.store import Cursor, Store
from benchmarks.follower import Follower
from benchmarks.presser import Presser

SHORT = RunSpec.parse({"rows": 200, "budget": 2})
CLOCKS = ("seconds", "elapsed")
"""Columns that say how long something took, which no two trainings agree on."""
PRESS_SECONDS = 1.0

Points = Mapping[str, bytes]


@dataclass
class Judgement:
    """Of one fault."""

    name: str
    acknowledged: int = 0
    """Runs that somebody was told are queued."""
    refused: int = 0
    """Presses that got a sentence instead."""
    ends: dict[str, int] = field(default_factory=dict)
    """How the acknowledged ones ended."""
    unfinished: int = 0
    restarted: int = 0
    wrong_points: int = 0
    """Runs whose points are not those of an undisturbed training, one by one and bit by bit."""
    wrong_pages: int = 0
    """Viewers times runs with a point too few or too many."""
    viewers_failures: int = 0
    silence: float = 0.0
    """Seconds for which a viewer had no answer, at most."""
    seconds: float = 0.0
    """From the fault to the end of the last run."""

    @property
    def well(self) -> bool:
        """Whether nothing was lost, doubled or failed."""
        bad = self.unfinished + self.wrong_points + self.wrong_pages
        return not bad and set(self.ends) <= {Status.DONE}

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {status}" for status, count in sorted(self.ends.items()))
        return "; ".join(
            [
                f"{self.name:<20} {self.acknowledged:>3} runs: {ends}, {self.restarted} started again",
                *([f"{self.unfinished} UNFINISHED"] if self.unfinished else []),
                f"{self.refused} presses refused",
                f"points wrong in {self.wrong_points} runs and {self.wrong_pages} pages",
                f"viewers: {self.viewers_failures} requests failed, {self.silence:.1f} s without an answer at most",
                f"over after {self.seconds:.0f} s" + ("" if self.well else "   NOT AS IT SHOULD BE"),
            ]
        )


class Round:
    """Runs of one round have a fingerprint of their own, so that no earlier one answers for them."""

    def __init__(self, store: Store, url: str, name: str, *, long: RunSpec, viewers: int) -> None:
        self._store, self._url, self._name = store, url, name
        self._long, self._viewers = long, viewers

    def play(
        self, fault: Callable[[list[Run]], object], patience: float
    ) -> tuple[Judgement, dict[str, Points]]:
        """Judge, and tell the points of every run by its spec. `fault` gets the runs that train, and comes back when
        it is mended.
        """
        runs = [
            self._store.queue.add([spec], owner, self._name)[0]
            for owner, spec in [("ada", self._long), ("bob", self._long.replace(seed=1))]
        ]
        self._until(lambda: all(self._points(run) for run in runs), 120)
        runs += [
            self._store.queue.add([SHORT.replace(seed=seed)], "cleo", self._name)[0] for seed in range(4)
        ]
        followers = [Follower(self._url, [run.id for run in runs]) for _ in range(self._viewers)]
        presser = Presser(self._short_run, StoreError, pause=PRESS_SECONDS)
        time.sleep(2)
        began = time.monotonic()
        fault(runs[:2])
        time.sleep(3)
        presser.stop()
        runs += presser.acknowledged
        self._until(lambda: all(run.status.final for run in self._now(runs)), patience)
        judgement = Judgement(self._name, len(runs), presser.refused, seconds=time.monotonic() - began)
        self._until(lambda: all(s.status == "done" for f in followers for s in f.seen.values()), 15)
        for follower in followers:
            follower.stop()
        points = self._judge(judgement, runs, followers)
        return judgement, points

    def _judge(self, judgement: Judgement, runs: list[Run], followers: list[Follower]) -> dict[str, Points]:
        newcomer = Follower(self._url, [run_id for follower in followers[:1] for run_id in follower.seen])
        newcomer.stop()
        afresh = newcomer.seen
        points: dict[str, Points] = {}
        for run in self._now(runs):
            if not run.status.final:
                judgement.unfinished += 1
                continue
            judgement.ends[run.status] = judgement.ends.get(run.status, 0) + 1
            judgement.restarted += run.attempt > 1
            delta = self._store.series.since({run.id: Cursor()})[run.id]
            points[run.spec.hash] = {
                f"{kind} {name}": column.tobytes()
                for kind in SERIES
                for name, column in delta.rows(kind).items()
                if name not in CLOCKS
            }
            planned = run.plan.updates
            judgement.wrong_points += run.status is Status.DONE and len(delta.updates["loss"]) != planned
            for seen in (follower.seen[run.id] for follower in followers if run.id in follower.seen):
                judgement.wrong_pages += bool(seen.gaps) or seen.losses != afresh[run.id].losses
        judgement.viewers_failures = sum(follower.failures for follower in followers)
        judgement.silence = max((follower.longest_silence for follower in followers), default=0.0)
        return points

    def _short_run(self, number: int) -> list[Run]:
        return self._store.queue.add([SHORT.replace(seed=1000 + number)], "presser", self._name)

    def _points(self, run: Run) -> int:
        return self._store.runs.get(run.id).progress.updates

    def _now(self, runs: list[Run]) -> list[Run]:
        return list(self._store.runs.by_id([run.id for run in runs]).values())

    def _until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether it came true in time; a database that is away says nothing."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if condition():
                    return True
            except StoreError:
                pass
            time.sleep(0.2)
        return False


def compared(judgement: Judgement, points: dict[str, Points], undisturbed: dict[str, Points]) -> None:
    """Count the runs that differ from the same ones of a round without a fault."""
    judgement.wrong_points += sum(
        points[key] != undisturbed[key] for key in points.keys() & undisturbed.keys()
    )
