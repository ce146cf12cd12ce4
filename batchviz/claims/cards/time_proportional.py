"""An update takes time in proportion to its batch."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import articles
from batchviz.experiment.probes import Probe, Task
from batchviz.text.numbers import number

SIZES = (1, 16, 1024, 4096)
FLAT, RISING = 4.0, 2.0
"""Factors: 16 times the examples in less than four times the time; four times as many in more than twice the time."""


def _tasks(seed: int, data: str) -> dict[str, Task]:
    return {"clock": Probe("seconds_an_update", articles(seed, data), SIZES)}


def _judge(records: Records) -> Judged:
    seconds = {size: records.number("clock", f"B = {size}") for size in SIZES}
    small = Pair(f"seconds an update, B = 16 / {FLAT:g} times B = 1", seconds[16], _times(FLAT, seconds[1]))
    large = Pair(
        f"seconds an update, B = 4096 / {RISING:g} times B = 1024",
        seconds[4096],
        _times(RISING, seconds[1024]),
    )
    numbers = {f"seconds an update, B = {size}": mean(seconds[size]) for size in SIZES}
    if not small.lower:
        verdict = Verdict.HOLDS if large.higher else Verdict.ONLY_IF
        return Judged(verdict, (small, large), "for small batches", numbers)
    if not large.higher:
        return Judged(Verdict.DOES_NOT_HOLD, (small, large), numbers=numbers)
    # t(B) = a + b B: from a / b on, more than half of an update's time is that of its examples.
    slope = (mean(seconds[4096]) - mean(seconds[1024])) / (4096 - 1024)
    half = (mean(seconds[1]) - slope) / slope
    numbers["batch size from which examples take half of the time"] = half
    from_size = number(float(f"{half:.1g}"))
    condition = f"well above B = {from_size}; below, an update takes nearly as long whatever its batch"
    return Judged(Verdict.ONLY_IF, (small, large), condition, numbers)


def _times(factor: float, seconds: dict[int, float]) -> dict[int, float]:
    return {seed: factor * value for seed, value in seconds.items()}


CLAIM = Claim(
    key="time-proportional",
    sentence="The time of an update grows in proportion to its batch.",
    source=Source.ARTICLE,
    measured="Seconds of an update of the article's network in steady state on this machine, at B = 1, 16, 1,024 and "
    "4,096.",
    data="random",
    tasks=_tasks,
    judge=_judge,
    place=10,
    seconds=20,
    lesson="time",
)
