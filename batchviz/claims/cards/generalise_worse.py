"""Large batches generalise worse."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec

SMALL, LARGE = "B = 8", "B = full"
EPOCHS = 25


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    few = {"rows": 400, "validation_split": 0.5}
    small = plain(seed, data, batch_size=8, epochs=EPOCHS, **few)
    updates = EPOCHS * small.schedule.epoch(0).updates
    return {SMALL: small, LARGE: plain(seed, data, batch_size="full", updates=updates, **few)}


def _judge(records: Records) -> Judged:
    small, after_epochs = records.end(SMALL), records.at(LARGE, "epochs", EPOCHS)
    after_updates = records.end(LARGE)
    gap = {seed: after_epochs[seed] - small[seed] for seed in small.keys() & after_epochs.keys()}
    left = {seed: after_updates[seed] - small[seed] for seed in small.keys() & after_updates.keys()}
    numbers = {
        "gap in validation loss at equal epochs": mean(gap),
        "gap in validation loss at equal updates": mean(left),
    }
    epochs = Pair(f"validation loss after {EPOCHS} epochs, {LARGE} / {SMALL}", after_epochs, small)
    updates = Pair(f"validation loss after equal updates, {LARGE} / {SMALL}", after_updates, small)
    if not epochs.higher:
        return Judged(Verdict.DOES_NOT_HOLD, (epochs,), numbers=numbers)
    half = {seed: value / 2 for seed, value in gap.items()}
    closed = Pair("gap at equal updates against half of that at equal epochs", left, half)
    if closed.higher:
        return Judged(Verdict.HOLDS, (epochs, updates), numbers=numbers)
    condition = (
        "at equal epochs, where larger batches make fewer updates; at equal updates most of the gap is gone"
    )
    return Judged(Verdict.ONLY_IF, (epochs, closed), condition, numbers)


CLAIM = Claim(
    key="generalise-worse",
    sentence="Large batches generalise worse.",
    source=Source.ARTICLE,
    measured=f"200 training rows, {SMALL} and {LARGE} at the same learning rate: validation loss after {EPOCHS} epochs "
    "of each, and after as many updates of each.",
    data="digits",
    tasks=_tasks,
    judge=_judge,
    place=7,
    seconds=7,
)
