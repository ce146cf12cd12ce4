"""Large batches end in sharp minima, and flat minima do better."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.probes import Probe, Task

SMALL, LARGE = "B = 16", "B = full"
RATE, UPDATES = 0.25, 1000
SHARPNESS, LOSS = "sharpness", "validation loss"


def _tasks(seed: int, data: str) -> dict[str, Task]:
    def spec(size: int | str) -> Probe:
        chosen = {"activation": "tanh", "learning_rate": RATE, "rows": 250, "batch_size": size}
        return Probe("sharpness", plain(seed, data, **chosen, updates=UPDATES))

    return {SMALL: spec(16), LARGE: spec("full")}


def _judge(records: Records) -> Judged:
    sharp, loss = (
        Pair(f"{what}, {SMALL} / {LARGE}", records.number(SMALL, what), records.number(LARGE, what))
        for what in (SHARPNESS, LOSS)
    )
    numbers = {f"{SHARPNESS}, {name}": mean(records.number(name, SHARPNESS)) for name in (SMALL, LARGE)}
    numbers["2 / learning rate, up to which full batches are stable"] = 2 / RATE
    if not sharp.lower:
        return Judged(Verdict.DOES_NOT_HOLD, (sharp,), numbers=numbers)
    if loss.lower:
        return Judged(Verdict.HOLDS, (sharp, loss), numbers=numbers)
    condition = f"in its first half: {LARGE} ends sharper, and yet does better on new data"
    return Judged(Verdict.ONLY_IF, (sharp, loss), condition, numbers)


CLAIM = Claim(
    key="sharp-minima",
    sentence="Large batches end in sharp minima, and flat minima do better on new data.",
    source=Source.ARTICLE,
    measured=f"The largest eigenvalue of the training loss's Hessian, and the validation loss, after {UPDATES:,} "
    f"updates of a tanh network with {SMALL} and {LARGE} at the rate {RATE}.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    place=6,
    seconds=18,
)
