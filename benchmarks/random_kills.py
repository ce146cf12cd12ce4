"""Kills at random moments, many in one round, while runs train and wait, people press Train, and viewers watch.

Whoever was killed may be killed again while it comes back. Afterwards every run that somebody was told of must be in
a true final state, and no recorded point may be lost or doubled:

- done, with every point of its plan, bit for bit those of a training that nobody disturbed;
- or failed, because two of its attempts lost their workers to kills, as the product promises: its points are then the
  first of the undisturbed ones, and no fewer than anybody has seen.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import select
from websockets.exceptions import WebSocketException

from batchviz.errors import StoreError
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import Cursor, Store, SweepState
from batchviz.store.tables import attempt, run
from benchmarks.fault_round import CLOCKS, SHORT
from benchmarks.follower import Follower
from benchmarks.load import Load, Person
from benchmarks.parts import Parts
from benchmarks.presser import Presser
from scripts.server import wait_for

MIDDLE = RunSpec.parse({"rows": 4000, "hidden": "256-256", "batch_size": 32, "budget": 60})
"""Some 5 s on an idle core: a kill mostly meets one, and now and then the same one twice."""
SWEEP = SweepSpec.parse(
    {
        "batch_sizes": (8, 32),
        "learning_rates": (0.01, 0.03),
        "optimizer": "sgd",
        "activation": "tanh",
        "seeds": 2,
        "report_seeds": 1,
        "rows": 1000,
        "epochs": 20,
    }
)
"""Of runs that are trained together, but for those that lost a worker. What is trained alone differs in its rounding,
which does not grow with this optimiser and activation.
"""
CLOSE = {"rtol": 1e-3, "atol": 1e-4}
LONG_AT_ONCE = 3
"""Two that train and one that waits."""
GAP_SECONDS = ((0.3, 3.0), (5.0, 20.0))
"""Between kills: in two of five cases too short for a part to come back, else long enough to train."""
SHORT_GAPS = 0.4
AWAY_SECONDS = (0.0, 6.0)
PRESS_SECONDS = 2.5
CALM_SECONDS = 600.0
"""For all to be over once nothing is killed any more, on a machine that others keep busy."""
TURN_SECONDS = 0.2
Column = np.ndarray[Any, Any]
Alike = Callable[[Column, Column], bool]
GIVEN_UP, DEATHS = "for the second time", 2
"""What the product promises: a run starts again once when its worker is gone."""
NO_PAGE = (OSError, EOFError, TimeoutError, WebSocketException)


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

    def gap() -> float:
        return generator.uniform(*GAP_SECONDS[generator.random() > SHORT_GAPS])

    at = gap()
    while at < seconds:
        yield Kill(
            at, generator.randrange(parts), generator.randrange(1000), generator.uniform(*AWAY_SECONDS)
        )
        at += gap()


@dataclass
class RandomJudgement:
    """Of one round."""

    name: str
    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    by_page: int = 0
    """Of those, by a page on which somebody pressed Train."""
    refused: int = 0
    meanwhile: int = 0
    """Over before the killing was."""
    done: int = 0
    restarted: int = 0
    given_up: int = 0
    """Failed by the rule, after two workers were killed under it."""
    untrue: list[str] = field(default_factory=list)
    """Runs without an end, or with one that did not happen."""
    lost: int = 0
    """Recorded points that are not there any more, and those of a finished run that never were."""
    doubled: int = 0
    sweeps: int = 0
    sweep_runs: int = 0
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
                f"{self.acknowledged} runs acknowledged ({self.by_page} of them by a page), {self.sweep_runs} of "
                f"{self.sweeps} sweeps; {self.meanwhile} over while parts were killed",
                f"{self.done} done, {self.given_up} failed by the rule, {self.restarted} started again; "
                f"{self.refused} presses refused",
                f"points lost {self.lost}, doubled {self.doubled}; runs with other values {len(self.changed)}; "
                f"pages wrong {self.wrong_pages}; {self.silence:.1f} s without an answer at most; "
                f"over {self.seconds:.0f} s after the last kill",
                *(f"NOT AS IT SHOULD BE: {problem}" for problem in self.untrue + self.changed),
                *([] if self.well else ["NOT AS IT SHOULD BE"]),
            ]
        )


def _presser(ask_for: Callable[[int], list[str]], *refusals: type[Exception]) -> Presser[str]:
    return Presser(ask_for, *refusals, pause=PRESS_SECONDS)


class RandomRound:
    """Its runs have a fingerprint of their own, so that no earlier one answers for them."""

    def __init__(self, parts: Parts, name: str, viewers: int) -> None:
        self._parts, self._name, self._viewers = parts, name, viewers
        self._store = Store(parts.database)
        self._gone: set[int] = set()
        """Workers that were killed, or went with what was."""
        self._sweeps: list[str] = []
        self._most: dict[str, int] = {}
        """By run, the updates that were last seen on show."""

    def play(self, seconds: float) -> RandomJudgement:
        """Kill for so many seconds, let all come to its end, judge."""
        try:
            return self._play(seconds)
        finally:
            self._store.close()

    def _play(self, seconds: float) -> RandomJudgement:
        judgement = RandomJudgement(self._name)
        long = _presser(self._long_run, StoreError)
        while not long.acknowledged:
            time.sleep(TURN_SECONDS)
        pressers = [long, _presser(self._short_run, StoreError), _presser(self._run_of_page, *NO_PAGE)]
        sweeps = _presser(self._sweep, StoreError)
        first = long.acknowledged[0]
        followers = [Follower(self._parts.server.url, [first]) for _ in range(self._viewers)]
        began = time.monotonic()
        kills = list(plan(self._name, len(self._parts.killable), seconds))
        while time.monotonic() - began < seconds:
            self._turn(long, followers, judgement)
            while kills and time.monotonic() - began >= kills[0].at:
                self._kill(kills.pop(0), judgement)
        calm, last = time.monotonic(), time.time()
        for presser in (*pressers, sweeps):
            presser.stop()
        ids = [run_id for presser in pressers for run_id in presser.acknowledged]
        while time.monotonic() - calm < CALM_SECONDS and not self._over(pressers, sweeps):
            self._turn(long, followers, judgement)
        judgement.seconds = time.monotonic() - calm
        ended = (each.finished for each in self._store.runs.by_id(ids).values())
        judgement.meanwhile = sum(finished is not None and finished < last for finished in ended)
        judgement.refused = sum(presser.refused for presser in (*pressers, sweeps))
        judgement.by_page = len(pressers[-1].acknowledged)
        wait_for(f"{self._parts.server.url}/api/health", '"ready"', 120)
        time.sleep(3)  # every viewer asks once more
        for follower in followers:
            follower.stop()
        self._judge(judgement, ids, followers)
        self._judge_sweeps(judgement)
        return judgement

    def _long_run(self, seed: int) -> list[str]:
        """While two train and one waits, no further one."""
        counts = self._store.runs.by_id(list(self._most)).values()
        if sum(not each.status.final for each in counts) >= LONG_AT_ONCE:
            return []
        added = self._store.queue.add([MIDDLE.replace(seed=seed)], "ada", self._name)
        self._most.update({each.id: 0 for each in added})
        return [each.id for each in added]

    def _short_run(self, seed: int) -> list[str]:
        return [each.id for each in self._store.queue.add([SHORT.replace(seed=seed)], "bob", self._name)]

    def _run_of_page(self, seed: int) -> list[str]:
        """Through the web server: told of by its answer."""
        person = Person(self._parts.server, 0, Load())
        return asyncio.run(person.start(f"v=1&rows=200&epochs=2&seed={seed}"))

    def _sweep(self, seed: int) -> list[str]:
        """Each when the last is over."""
        if any(map(self._under_way, self._sweeps)):
            return []
        base = SWEEP.base.replace(data_seed=seed)
        self._sweeps.append(self._store.sweeps.add(SWEEP.replace(base=base), "dora", self._name).id)
        return self._sweeps[-1:]

    def _under_way(self, sweep_id: str) -> bool:
        return self._store.sweeps.get(sweep_id).state.under_way

    def _turn(self, long: Presser[str], followers: list[Follower], judgement: RandomJudgement) -> None:
        time.sleep(TURN_SECONDS)
        self._parts.revive()
        for run_id in list(long.acknowledged):
            for follower in followers:
                if run_id not in follower.seen:
                    follower.follow(run_id)
        try:
            for run_id, each in self._store.runs.by_id(list(long.acknowledged)).items():
                # What is on show never shrinks, not even while a run starts again.
                judgement.lost += max(0, self._most.get(run_id, 0) - each.progress.updates)
                self._most[run_id] = each.progress.updates
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

    def _over(self, pressers: list[Presser[str]], sweeps: Presser[str]) -> bool:
        ids = [run_id for presser in pressers for run_id in presser.acknowledged]
        try:
            over = all(each.status.final for each in self._store.runs.by_id(ids).values())
            return over and not any(map(self._under_way, sweeps.acknowledged))
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
            twin, points = undisturbed[each.spec]
            if each.measure_at != twin.measure_at:  # by what was trained beside it: the rest is the same
                points = {name: column for name, column in points.items() if not name.startswith("measured")}
            self._judge_run(judgement, each, points, alike=_same_bits)
        for follower in followers:
            judgement.silence = max(judgement.silence, follower.longest_silence)
            for run_id, seen in follower.seen.items():
                right = seen.losses == newcomer.seen[run_id].losses and not seen.gaps
                judgement.wrong_pages += not right
                judgement.lost += max(0, seen.most - len(newcomer.seen[run_id].losses))

    def _judge_sweeps(self, judgement: RandomJudgement) -> None:
        """Their numbers are those of the same sweep undisturbed, but for rounding."""
        for sweep_id in self._sweeps:
            sweep = self._store.sweeps.get(sweep_id)
            twin = self._store.sweeps.add(sweep.spec, "carl", f"{self._name}, undisturbed")
            self._wait(lambda twin=twin: not self._under_way(twin.id))
            twins = {each.spec: each for each in self._store.sweeps.runs(twin.id)}
            runs = self._store.sweeps.runs(sweep_id)
            judgement.sweeps += 1
            judgement.sweep_runs += len(runs)
            if sweep.state is not SweepState.DONE:
                judgement.untrue.append(f"sweep {sweep_id} is {sweep.state}: {sweep.reason}")
            if len({each.spec for each in runs}) < len(runs) or len(runs) != sweep.spec.count_runs():
                judgement.untrue.append(f"sweep {sweep_id} has {len(runs)} runs")
            for each in (
                each for each in runs if each.spec in twins
            ):  # a run that failed may change what is chosen
                self._judge_run(judgement, each, self._points(twins[each.spec]), alike=_close)

    def _judge_run(
        self, judgement: RandomJudgement, each: Run, undisturbed: Mapping[str, Column], alike: Alike
    ) -> None:
        """`alike` says whether columns agree as far as both go."""
        points = {name: column for name, column in self._points(each).items() if name in undisturbed}
        there, expected = _rows(points), _rows(undisturbed)
        words = f"{each.id} (B {each.spec.batch_size}, seed {each.spec.seed}, attempt {each.attempt})"
        gone = self._gone_workers(each)
        judgement.restarted += each.attempt > 1
        if sum(gone[: each.attempt - 1]) < each.attempt - 1:
            judgement.untrue.append(f"{words} was started again though nobody was killed: {each.reason}")
        if each.status is Status.DONE:
            judgement.done += 1
            judgement.lost += (expected - there).total()
        elif each.status is Status.FAILED and GIVEN_UP in each.reason and sum(gone) >= DEATHS:
            judgement.given_up += 1
            print(f"failed by the rule: {words}: {each.reason}", file=sys.stderr, flush=True)
            judgement.lost += max(0, self._most.get(each.id, 0) - there["updates"])
        else:
            judgement.untrue.append(f"{words} is {each.status}: {each.reason}")
        judgement.doubled += (there - expected).total()
        if not all(alike(points[name], undisturbed[name]) for name in points):
            judgement.changed.append(f"{words} has other values than the undisturbed training")
        if there["updates"] != each.progress.updates:
            judgement.untrue.append(f"{words} has {there['updates']} updates of {each.progress.updates}")

    def _gone_workers(self, each: Run) -> list[bool]:
        """Of every attempt, whether its worker is gone by our doing, or had not said who it is: then the dispatcher
        was killed before anybody could know.
        """
        query = select(attempt.c.worker).join(run, run.c.id == attempt.c.run_id).order_by(attempt.c.number)
        with self._store.database.reading() as connection:
            workers = connection.execute(query.where(run.c.public_id == each.id)).scalars().all()
        pids = [worker.rpartition(":")[2] for worker in workers]
        if len(pids) > 1:
            print(f"{each.id}: by the workers {', '.join(pids)}", file=sys.stderr, flush=True)
        return [not pid.isdecimal() or int(pid) in self._gone for pid in pids]

    def _points(self, each: Run) -> dict[str, Column]:
        delta = self._store.series.since({each.id: Cursor()})[each.id]
        return {
            f"{kind} {name}": column
            for kind in SERIES
            for name, column in delta.rows(kind).items()
            if name not in CLOCKS
        }

    def _undisturbed(self, specs: list[RunSpec]) -> dict[RunSpec, tuple[Run, dict[str, Column]]]:
        """The same runs once more, by the same installation, whom nobody kills now."""
        queue, fingerprint = self._store.queue, f"{self._name}, undisturbed"
        ids = [queue.add([spec], "carl", fingerprint)[0].id for spec in dict.fromkeys(specs)]
        self._wait(lambda: all(each.status.final for each in self._store.runs.by_id(ids).values()))
        over = self._store.runs.by_id(ids).values()
        if bad := [each for each in over if each.status is not Status.DONE]:
            raise RuntimeError(f"An undisturbed run ended {bad[0].status}: {bad[0].reason}")
        return {each.spec: (each, self._points(each)) for each in over}

    def _wait(self, condition: Callable[[], bool]) -> None:
        """For what an installation does that nobody disturbs any more."""
        deadline = time.monotonic() + CALM_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise RuntimeError("The installation does not train any more.")
            time.sleep(TURN_SECONDS)
            self._parts.revive()


def _rows(points: Mapping[str, Column]) -> Counter[str]:
    """By kind."""
    return Counter({name.partition(" ")[0]: len(column) for name, column in points.items()})


def _same_bits(points: Column, undisturbed: Column) -> bool:
    return undisturbed.tobytes().startswith(points.tobytes())


def _close(points: Column, undisturbed: Column) -> bool:
    both = min(len(points), len(undisturbed))
    return np.allclose(points[:both], undisturbed[:both], **CLOSE, equal_nan=True)
