"""The noise of a gradient falls in proportion to the batch size."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import within
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.probes import Probe, Task

SIZES = (1, 4, 16, 64)
TOLERANCE = 1.25
"""As a factor: some hundred random batches do not tell their spread more exactly."""


def _tasks(seed: int, data: str) -> dict[str, Task]:
    return {"noise": Probe("gradient_noise", plain(seed, data, rows=400), SIZES)}


def _judge(records: Records) -> Judged:
    at_one = records.number("noise", "B = 1")
    rows = records.number("noise", "rows")
    pairs, numbers = [], {}
    for size in SIZES[1:]:
        noise = records.number("noise", f"B = {size}")
        # Without replacement, a batch of all rows has no noise: 1/B becomes (N - B)/(N - 1)/B.
        law = {seed: at_one[seed] / size * (rows[seed] - size) / (rows[seed] - 1) for seed in at_one}
        name = f"noise at B = {size}: distance from that at B = 1 divided by {size}, against a factor of {TOLERANCE}"
        pairs.append(within(name, noise, law, TOLERANCE))
        numbers[f"noise at B = {size}, of that at B = 1"] = mean(noise) / mean(at_one)
    off = tuple(pair for pair in pairs if not pair.lower)
    return Judged(Verdict.DOES_NOT_HOLD if off else Verdict.HOLDS, off or tuple(pairs), numbers=numbers)


CLAIM = Claim(
    key="noise-law",
    sentence="The noise of a batch's gradient falls as one over the batch size.",
    source=Source.TEXTBOOK,
    measured="The mean squared distance of 400 random batches' gradients from the gradient of all rows, at B = 1, 4, "
    "16 and 64 and the same weights, with what drawing without replacement takes away counted in.",
    data="digits",
    tasks=_tasks,
    judge=_judge,
    place=1.5,
    seconds=2,
    lesson="noise",
)
