"""The budget decides the winner."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records
from batchviz.claims.set_up import articles
from batchviz.experiment.spec import RunSpec

SMALL, LARGE = "B = 4", "B = 256"
EPOCHS, UPDATES = 10, 250


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    return {
        SMALL: articles(seed, data, batch_size=4, epochs=EPOCHS),
        LARGE: articles(seed, data, batch_size=256, updates=UPDATES),
    }


def _judge(records: Records) -> Judged:
    epochs, updates = (
        Pair(f"validation loss after {amount} {unit}, {SMALL} / {LARGE}", *_at(records, unit, amount))
        for unit, amount in (("epochs", EPOCHS), ("updates", UPDATES))
    )
    verdict = Verdict.HOLDS if epochs.lower != updates.lower else Verdict.DOES_NOT_HOLD
    return Judged(verdict, (epochs, updates))


def _at(records: Records, unit: str, amount: float) -> tuple[dict[int, float], dict[int, float]]:
    return records.at(SMALL, unit, amount), records.at(LARGE, unit, amount)


CLAIM = Claim(
    key="budget-decides",
    sentence="Which batch size wins depends on the budget: equal epochs and equal updates have different winners.",
    source=Source.TEXTBOOK,
    measured=f"The article's network with {SMALL} and {LARGE}: validation loss after {EPOCHS} epochs of each, and "
    f"after {UPDATES} updates of each.",
    data="random",
    tasks=_tasks,
    judge=_judge,
    place=4,
    seconds=3,
    lesson="budgets",
)
