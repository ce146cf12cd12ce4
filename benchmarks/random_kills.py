"""Kills at random moments, many in one round, while runs train and wait, people press Train, and viewers watch.

Whoever was killed may be killed again while it comes back. Afterwards every run that somebody was told of must be in
a true final state, and no recorded point may be lost or doubled:

- done, with every point of its plan, bit for bit those of a training that nobody disturbed;
- or failed, because two of its attempts lost their workers to kills, as the product promises: its points are then the
  first of the undisturbed ones, and no fewer than anybody has seen.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from batchviz.errors import StoreError
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.store import Cursor, Store
from batchviz.store.limits import MAX_CRASHES
from batchviz.store.tables import attempt, run
from benchmarks.fault_round import CLOCKS, PRESS_SECONDS, SHORT
from benchmarks.follower import Follower
from benchmarks.parts import Parts
from scripts.server import wait_for

MIDDLE = RunSpec.parse({"rows": 4000, "hidden": "256-256", "batch_size": 32, "budget": 60})
"""Some 5 s on an idle core: a kill mostly meets one, and now and then the same one twice."""
LONG_AT_ONCE = 3
"""Two that train and one that waits."""
GAP_SECONDS = (0.5, 9.0)
AWAY_SECONDS = (0.0, 6.0)
CALM_SECONDS = 420.0
"""For all to be over once nothing is killed any more."""
TURN_SECONDS = 0.2
GIVEN_UP = "for the second time"


@dataclass(frozen=True)
class Kill:
    """What happens, at a second of the round."""

    at: float
    part: int
    pick: int
    """Which of several processes."""
    away: float
    """Seconds until it is started again, where the product does not do that."""


def plan(seed: str, parts: int, seconds: float) -> Iterator[Kill]:
    """The kills of a round; the same for the same seed."""
    generator = random.Random(seed)
    at = generator.uniform(*GAP_SECONDS)
    while at < seconds:
        yield Kill(
            at, generator.randrange(parts), generator.randrange(1000), generator.uniform(*AWAY_SECONDS)
        )
        at += generator.uniform(*GAP_SECONDS)


@dataclass
class RandomJudgement:
    """Of one round."""

    name: str
    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    refused: int = 0
    done: int = 0
    restarted: int = 0
    given_up: int = 0
    """Failed by the rule, after two workers were killed under it."""
    untrue: list[str] = field(default_factory=list)
    """Runs without an end, or with one that did not happen."""
    lost: int = 0
    """Recorded points that are not there any more, and those of a finished run that never were."""
    doubled: int = 0
    changed: list[str] = field(default_factory=list)
    """Runs with a value that no undisturbed training has there."""
    wrong_pages: int = 0
    silence: float = 0.0
    seconds: float = 0.0
    """From the last kill to the end of the last run."""

    @property
    def well(self) -> bool:
        """Whether every end is true and every point there once."""
        return not (self.untrue or self.lost or self.doubled or self.changed or self.wrong_pages)

    def __str__(self) -> str:
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        return "\n  ".join(
            [
                f"{self.name}: {self.kills.total()} kills ({kills})",
                f"{self.acknowledged} runs acknowledged: {self.done} done, {self.given_up} failed by the rule, "
                f"{self.restarted} started again; {self.refused} presses refused",
                f"points lost {self.lost}, doubled {self.doubled}; runs with other values {len(self.changed)}; "
                f"pages wrong {self.wrong_pages}; {self.silence:.1f} s without an answer at most; "
                f"over {self.seconds:.0f} s after the last kill",
                *(f"NOT AS IT SHOULD BE: {problem}" for problem in self.untrue + self.changed),
                *([] if self.well else ["NOT AS IT SHOULD BE"]),
            ]
        )


class Asker:
    """Somebody who asks for run after run, each of a new seed, while fewer than `most` of theirs are unfinished."""

    def __init__(self, store: Store, owner: str, fingerprint: str, spec: RunSpec, most: int) -> None:
        self._store, self._owner, self._fingerprint = store, owner, fingerprint
        self._spec, self._most = spec, most
        self.acknowledged: list[Run] = []
        self.refused = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._press, name=owner, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more presses; the one under way is waited for."""
        self._ended.set()
        self._thread.join(60)

    def _press(self) -> None:
        seed = 0
        while not self._ended.wait(PRESS_SECONDS):
            try:
                if self._unfinished() < self._most:
                    seed += 1
                    self.acknowledged += self._store.queue.add(
                        [self._spec.replace(seed=seed)], self._owner, self._fingerprint
                    )
            except StoreError:
                self.refused += 1

    def _unfinished(self) -> int:
        ids = [each.id for each in self.acknowledged]
        return sum(not each.status.final for each in self._store.runs.by_id(ids).values()) if ids else 0


class RandomRound:
    """Its runs have a fingerprint of their own, so that no earlier one answers for them."""

    def __init__(self, parts: Parts, name: str, viewers: int) -> None:
        self._parts, self._name, self._viewers = parts, name, viewers
        self._store = Store(parts.database)
        self._gone: set[int] = set()
        """Workers that were killed, or went with what was."""
        self._most: dict[str, int] = {}
        """By run, the most updates that were recorded at once."""

    def play(self, seconds: float) -> RandomJudgement:
        """Kill for so many seconds, let all come to its end, judge."""
        try:
            return self._play(seconds)
        finally:
            self._store.close()

    def _play(self, seconds: float) -> RandomJudgement:
        judgement = RandomJudgement(self._name)
        long = Asker(self._store, "ada", self._name, MIDDLE, LONG_AT_ONCE)
        while not long.acknowledged:
            time.sleep(TURN_SECONDS)
        short = Asker(self._store, "bob", self._name, SHORT, 20)
        first = long.acknowledged[0].id
        followers = [Follower(self._parts.server.url, [first]) for _ in range(self._viewers)]
        began = time.monotonic()
        kills = list(plan(self._name, len(self._parts.killable), seconds))
        while time.monotonic() - began < seconds:
            self._turn(long, followers)
            while kills and time.monotonic() - began >= kills[0].at:
                self._kill(kills.pop(0), judgement)
        for asker in (long, short):
            asker.stop()
        calm = time.monotonic()
        while time.monotonic() - calm < CALM_SECONDS and not self._over([long, short]):
            self._turn(long, followers)
        judgement.seconds = time.monotonic() - calm
        judgement.refused = long.refused + short.refused
        wait_for(f"{self._parts.server.url}/api/health", '"ready"', 120)
        time.sleep(3)  # every viewer asks once more
        for follower in followers:
            follower.stop()
        runs = [each.id for asker in (long, short) for each in asker.acknowledged]
        self._judge(judgement, runs, followers)
        return judgement

    def _turn(self, long: Asker, followers: list[Follower]) -> None:
        time.sleep(TURN_SECONDS)
        self._parts.revive()
        for each in list(long.acknowledged):
            for follower in followers:
                if each.id not in follower.seen:
                    follower.follow(each.id)
        ids = [each.id for each in long.acknowledged]
        try:
            for run_id, each in self._store.runs.by_id(ids).items():
                self._most[run_id] = max(self._most.get(run_id, 0), each.progress.updates)
        except StoreError:
            pass  # it is away: nobody can see anything

    def _kill(self, kill: Kill, judgement: RandomJudgement) -> None:
        part = self._parts.killable[kill.part]
        gone = part.kill(kill.pick, kill.away)
        if gone is None:
            print(f"{kill.at:6.1f} s: no {part.name} there to kill", file=sys.stderr, flush=True)
            return
        self._gone |= gone
        judgement.kills[part.name] += 1
        numbers = " ".join(map(str, sorted(gone)))
        print(f"{kill.at:6.1f} s: {part.name} killed {numbers}", file=sys.stderr, flush=True)

    def _over(self, askers: list[Asker]) -> bool:
        ids = [each.id for asker in askers for each in asker.acknowledged]
        try:
            return all(each.status.final for each in self._store.runs.by_id(ids).values())
        except StoreError:
            return False

    def _judge(self, judgement: RandomJudgement, ids: list[str], followers: list[Follower]) -> None:
        runs = self._store.runs.by_id(ids)
        judgement.acknowledged = len(ids)
        judgement.untrue += [f"{run_id} is not there" for run_id in set(ids) - runs.keys()]
        undisturbed = self._undisturbed([each.spec for each in runs.values()])
        newcomer = Follower(self._parts.server.url, list(followers[0].seen))
        newcomer.stop()
        for each in runs.values():
            self._judge_run(judgement, each, undisturbed[each.spec])
        for follower in followers:
            judgement.silence = max(judgement.silence, follower.longest_silence)
            for run_id, seen in follower.seen.items():
                right = seen.losses == newcomer.seen[run_id].losses and not seen.gaps
                judgement.wrong_pages += not right
                judgement.lost += max(0, seen.most - len(newcomer.seen[run_id].losses))

    def _judge_run(self, judgement: RandomJudgement, each: Run, undisturbed: Mapping[str, bytes]) -> None:
        points = self._points(each)
        there, expected = (len(columns["updates loss"]) // 4 for columns in (points, undisturbed))
        judgement.restarted += each.attempt > 1
        words = f"{each.id} ({each.spec.budget:g} epochs, seed {each.spec.seed})"
        if each.status is Status.DONE:
            judgement.done += 1
            judgement.lost += max(0, expected - there)
            if points != undisturbed:
                judgement.changed.append(f"{words} differs from the undisturbed training")
        elif each.status is Status.FAILED and GIVEN_UP in each.reason and self._lost_workers(each):
            judgement.given_up += 1
            judgement.lost += max(0, self._most.get(each.id, 0) - there)
            if not all(undisturbed[name].startswith(column) for name, column in points.items()):
                judgement.changed.append(f"{words} is no beginning of the undisturbed training")
        else:
            judgement.untrue.append(f"{words} is {each.status}, attempt {each.attempt}: {each.reason}")
        judgement.doubled += max(0, there - expected)
        if there != each.progress.updates:
            judgement.untrue.append(f"{words} counts {each.progress.updates} updates and has {there}")

    def _lost_workers(self, each: Run) -> bool:
        """Whether as many attempts as the rule says had a worker that is gone by our doing, or none yet that had said
        who it is: then the dispatcher was killed before anybody could know.
        """
        query = select(attempt.c.worker).join(run, run.c.id == attempt.c.run_id)
        with self._store.database.reading() as connection:
            workers = connection.execute(query.where(run.c.public_id == each.id)).scalars().all()
        pids = [worker.rpartition(":")[2] for worker in workers if worker]
        print(f"given up: {each.id} {each.reason!r} {workers}", file=sys.stderr, flush=True)
        return sum(not pid.isdecimal() or int(pid) in self._gone for pid in pids) >= MAX_CRASHES

    def _points(self, each: Run) -> dict[str, bytes]:
        delta = self._store.series.since({each.id: Cursor()})[each.id]
        return {
            f"{kind} {name}": column.tobytes()
            for kind in SERIES
            for name, column in delta.rows(kind).items()
            if name not in CLOCKS
        }

    def _undisturbed(self, specs: list[RunSpec]) -> dict[RunSpec, dict[str, bytes]]:
        """The same runs once more, by the same installation, whom nobody kills now."""
        queue, fingerprint = self._store.queue, f"{self._name}, undisturbed"
        runs = [queue.add([spec], "carl", fingerprint)[0] for spec in dict.fromkeys(specs)]
        deadline = time.monotonic() + CALM_SECONDS
        ids = [each.id for each in runs]
        while any(not each.status.final for each in self._store.runs.by_id(ids).values()):
            if time.monotonic() > deadline:
                raise RuntimeError("The installation does not train any more.")
            time.sleep(TURN_SECONDS)
            self._parts.revive()
        over = self._store.runs.by_id(ids).values()
        if bad := [each for each in over if each.status is not Status.DONE]:
            raise RuntimeError(f"An undisturbed run ended {bad[0].status}: {bad[0].reason}")
        return {each.spec: self._points(each) for each in over}
