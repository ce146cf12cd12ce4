"""Large batches converge faster at the start."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec
from batchviz.text.numbers import count

SMALL, LARGE = "B = 2", "B = 256"
EPOCHS, UPDATES = 1, 40


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    return {
        SMALL: plain(seed, data, batch_size=2, epochs=EPOCHS),
        LARGE: plain(seed, data, batch_size=256, updates=UPDATES),
    }


def _judge(records: Records) -> Judged:
    pairs = {}
    for unit, amount in (("epochs", EPOCHS), ("updates", UPDATES)):
        large, small = (records.at(name, unit, amount) for name in (LARGE, SMALL))
        after = count(amount, unit.removesuffix("s"))
        pairs[unit] = Pair(f"validation loss after {after}, {LARGE} / {SMALL}", large, small)
    faster = [unit for unit, pair in pairs.items() if pair.lower]
    verdict = {0: Verdict.DOES_NOT_HOLD, 2: Verdict.HOLDS}.get(len(faster), Verdict.ONLY_IF)
    return Judged(verdict, tuple(pairs.values()), f"at equal {' and '.join(faster)}")


CLAIM = Claim(
    key="large-starts-fast",
    sentence="Large batches converge faster at the start of training.",
    source=Source.ARTICLE,
    measured=f"The validation loss of {LARGE} and {SMALL} at the same learning rate: after one epoch of each, and "
    f"after {UPDATES} updates of each.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    place=3,
    seconds=1,
    lesson="budgets",
)
