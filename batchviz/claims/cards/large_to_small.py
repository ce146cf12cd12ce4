"""Going from large batches to small ones."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec

SHRINKING, GROWING = "128, then 32, then 8", "8, then 32, then 128"
SMALL, LARGE = "always 8", "always 128"
SCHEDULES: dict[str, tuple[int, tuple[tuple[int, int], ...]]] = {
    SHRINKING: (128, ((11, 32), (21, 8))),
    GROWING: (8, ((11, 32), (21, 128))),
    SMALL: (8, ()),
    LARGE: (128, ()),
}
EPOCHS = 30
NOISY = {"learning_rate": 0.1, "rows": 2560, "noise": 0.5}
"""Where noise is what is left to lose, an order of batch sizes shows."""


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    return {
        name: plain(seed, data, **NOISY, batch_size=size, batch_schedule=later, epochs=EPOCHS)
        for name, (size, later) in SCHEDULES.items()
    }


def _judge(records: Records) -> Judged:
    ends = {name: records.end(name) for name in SCHEDULES}
    pairs = {
        other: Pair(f"validation loss, {SHRINKING} / {other}", ends[SHRINKING], ends[other])
        for other in (GROWING, SMALL, LARGE)
    }
    numbers = {f"validation loss, {name}": mean(values) for name, values in ends.items()}
    updates = {
        name: records.each(name, lambda curve: float(curve.run.progress.updates)) for name in SCHEDULES
    }
    numbers |= {f"updates, {name}": mean(values) for name, values in updates.items()}
    worse = tuple(pair for pair in pairs.values() if pair.higher)
    if not worse:
        return Judged(Verdict.HOLDS, tuple(pairs.values()), numbers=numbers)
    if pairs[GROWING].higher:
        return Judged(Verdict.DOES_NOT_HOLD, (pairs[GROWING],), numbers=numbers)
    beaten = [other for other, pair in pairs.items() if pair.lower]
    return Judged(Verdict.ONLY_IF, tuple(pairs.values()), f"against {' and '.join(beaten)}", numbers)


CLAIM = Claim(
    key="large-to-small",
    sentence="Batches should shrink during training, from large ones to small ones.",
    source=Source.ARTICLE,
    measured=f"Four schedules over the same {EPOCHS} epochs at the same learning rate: {SHRINKING}; {GROWING}; "
    f"{SMALL}; {LARGE}. Validation loss at the end.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    place=13,
    seconds=5,
)
