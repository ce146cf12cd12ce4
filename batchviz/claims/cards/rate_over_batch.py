"""Only the learning rate over the batch size matters."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair, within
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec

EPOCHS = 10
LOW, HIGH = 0.00625, 0.1
"""Rates of B = 8; B = 128 has 16 times as much."""
EQUAL = 1.1
"""As a factor between two losses."""


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    return {
        f"B = {size} at {rate:g}": plain(seed, data, batch_size=size, learning_rate=rate, epochs=EPOCHS)
        for low in (LOW, HIGH)
        for size, rate in ((8, low), (128, 16 * low))
    }


def _judge(records: Records) -> Judged:
    pairs: list[Pair] = []
    numbers: dict[str, float] = {}
    for low in (LOW, HIGH):
        names = [f"B = {size} at {rate:g}" for size, rate in ((8, low), (128, 16 * low))]
        ends = [records.end(name) for name in names]
        distance = (
            f"{names[0]} and {names[1]}: distance of the validation losses, against a factor of {EQUAL}"
        )
        pairs.append(within(distance, ends[0], ends[1], EQUAL))
        numbers |= {
            f"validation loss, {name}": mean(values) for name, values in zip(names, ends, strict=True)
        }
    small, large = pairs
    if not small.lower:
        return Judged(Verdict.DOES_NOT_HOLD, (small,), numbers=numbers)
    if large.lower:
        return Judged(Verdict.HOLDS, (small, large), numbers=numbers)
    condition = f"at small rates: it does at {LOW:g} for B = 8, and no longer at {HIGH:g}"
    return Judged(Verdict.ONLY_IF, (small, large), condition, numbers)


CLAIM = Claim(
    key="rate-over-batch",
    sentence="Only the learning rate divided by the batch size matters, not the batch size itself.",
    source=Source.TEXTBOOK,
    measured=f"The validation loss after {EPOCHS} epochs of B = 8 and of B = 128 at 16 times its rate, at a small rate "
    "and at a large one.",
    data="digits",
    tasks=_tasks,
    judge=_judge,
    place=15,
    seconds=4,
    lesson="rate",
)
