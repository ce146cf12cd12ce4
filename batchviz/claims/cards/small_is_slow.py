"""Small batches converge more slowly."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records
from batchviz.claims.set_up import log_spaced, plain
from batchviz.experiment.probes import Probe, Task

SMALL, LARGE = "B = 1", "B = 128"
CLOCK = "clock"


def _tasks(seed: int, data: str) -> dict[str, Task]:
    large = plain(seed, data, batch_size=128, epochs=60)
    return {
        SMALL: plain(seed, data, batch_size=1, epochs=2),
        LARGE: large,
        CLOCK: Probe("seconds_an_update", large, (1, 128)),
    }


def _judge(records: Records) -> Judged:
    targets = records.shared_target((SMALL, LARGE))
    needed = {
        unit: {name: records.to_target(name, targets, unit) for name in (SMALL, LARGE)}
        for unit in ("epochs", "updates")
    }
    needed["seconds"] = {
        name: _times(needed["updates"][name], records.number(CLOCK, name)) for name in (SMALL, LARGE)
    }
    pairs = {
        unit: Pair(f"{unit} to the same loss, {SMALL} / {LARGE}", values[SMALL], values[LARGE])
        for unit, values in needed.items()
    }
    slower = [unit for unit, pair in pairs.items() if pair.higher]
    verdict = {0: Verdict.DOES_NOT_HOLD, 3: Verdict.HOLDS}.get(len(slower), Verdict.ONLY_IF)
    return Judged(verdict, tuple(pairs.values()), f"where {' and '.join(slower)} are counted")


def _times(updates: dict[int, float], seconds: dict[int, float]) -> dict[int, float]:
    return {seed: updates[seed] * seconds[seed] for seed in updates.keys() & seconds.keys()}


CLAIM = Claim(
    key="small-is-slow",
    sentence="Small batches converge more slowly.",
    source=Source.ARTICLE,
    measured=f"Epochs, updates and seconds until {SMALL} and {LARGE} reach the same validation loss at the same "
    "learning rate; seconds are updates times what an update takes on this machine.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    moments=log_spaced(1600),
    place=2,
    seconds=7,
    lesson="budgets",
)
