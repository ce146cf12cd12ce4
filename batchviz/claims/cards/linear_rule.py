"""The linear scaling rule."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import within
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec

BASE, RATE = 8, 0.0125
SCALES = (4, 16, 32, 128)
EPOCHS = 10
EQUAL = 1.1
"""As a factor between two losses."""


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    rule = {"learning_rate": RATE, "learning_rate_rule": "linear", "base_batch_size": BASE, "epochs": EPOCHS}
    return {f"k = {scale}": plain(seed, data, batch_size=BASE * scale, **rule) for scale in (1, *SCALES)}


def _judge(records: Records) -> Judged:
    ends = {scale: records.end(f"k = {scale}") for scale in (1, *SCALES)}
    pairs = [
        within(
            f"k = {scale}: distance of the loss from k = 1, against a factor of {EQUAL}",
            ends[scale],
            ends[1],
            EQUAL,
        )
        for scale in SCALES
    ]
    numbers = {f"validation loss, k = {scale}": mean(values) for scale, values in ends.items()}
    numbers |= {f"diverged, k = {scale}": float(records.diverged(f"k = {scale}")) for scale in SCALES}
    # Asked from the smallest k up as long as it clearly trains the same, and where that is clear of none, in the mean.
    holding = _leading([pair.lower and pair.clear for pair in pairs]) or _leading(
        [pair.lower for pair in pairs]
    )
    breaking = len(pairs) - _leading([pair.higher and pair.clear for pair in reversed(pairs)])
    broken = max(holding, min(breaking, len(pairs) - 1))
    if not holding:
        return Judged(Verdict.DOES_NOT_HOLD, (pairs[0],), numbers=numbers)
    if holding == len(pairs):
        return Judged(Verdict.HOLDS, tuple(pairs), numbers=numbers)
    condition = f"up to k = {SCALES[holding - 1]}, and no longer at k = {SCALES[broken]}"
    return Judged(Verdict.ONLY_IF, (pairs[holding - 1], pairs[broken]), condition, numbers)


def _leading(values: list[bool]) -> int:
    """How many are true before the first that is not."""
    return next((place for place, value in enumerate(values) if not value), len(values))


CLAIM = Claim(
    key="linear-rule",
    sentence="A batch k times as large, at a learning rate k times as large, trains the same.",
    source=Source.TEXTBOOK,
    measured=f"The validation loss after {EPOCHS} epochs of k times {BASE} examples at k times {RATE}, beside k = 1.",
    data="digits",
    tasks=_tasks,
    judge=_judge,
    place=16,
    seconds=4,
    lesson="rate",
)
