"""The noise of small batches lets training escape poor minima."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.experiment.probes import Probe, Task
from batchviz.experiment.spec import RunSpec

SIZES = (1, 2, 4, 16)
SOME = 0.05
"""Share of the paths that is worth speaking of."""


def _tasks(seed: int, data: str) -> dict[str, Task]:
    return {"paths": Probe("double_well", RunSpec(seed=seed, optimizer="sgd", learning_rate=0.05), SIZES)}


def _judge(records: Records) -> Judged:
    escaped = {size: records.number("paths", f"escaped, B = {size}") for size in SIZES}
    left = {size: records.number("paths", f"left, B = {size}") for size in SIZES}
    step = 1 / max(mean(records.number("paths", "paths")), 1)
    numbers = {f"share that escaped the poorer minimum, B = {size}": mean(escaped[size]) for size in SIZES}
    numbers |= {f"share that left the better minimum, B = {size}": mean(left[size]) for size in SIZES}

    def pair(what: str, size: int, shares: dict[int, float]) -> Pair:
        return Pair(
            f"share that {what}, B = {size}, against {SOME}", shares, dict.fromkeys(shares, SOME), step
        )

    pairs = [pair("escaped the poorer minimum", size, escaped[size]) for size in SIZES]
    helped = [place for place, each in enumerate(pairs) if each.higher]
    if not helped:
        return Judged(Verdict.DOES_NOT_HOLD, (pairs[0],), numbers=numbers)
    last = helped[-1]
    both = pair("left the better minimum", SIZES[0], left[SIZES[0]])
    escapes = (pairs[last], *pairs[last + 1 : last + 2], both)
    up_to = f"up to B = {SIZES[last]}" if last + 1 < len(SIZES) else ""
    ways = "as long as leaving the better minimum as well is no loss" if both.higher else ""
    condition = ", and ".join(filter(None, (up_to, ways)))
    return Judged(Verdict.ONLY_IF if condition else Verdict.HOLDS, escapes, condition, numbers)


CLAIM = Claim(
    key="escapes-minima",
    sentence="The noise of small batches lets training escape poor minima.",
    source=Source.ARTICLE,
    measured="SGD on a loss of one weight with a better and a poorer minimum: the share of 250 paths that after 1,000 "
    "updates have left the poorer one for the better, and of as many that went the other way.",
    data="double well",
    tasks=_tasks,
    judge=_judge,
    place=5,
    seconds=4,
    fixed_data=True,
)
