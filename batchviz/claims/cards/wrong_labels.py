"""Small batches protect from wrong labels."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec

SMALL, LARGE = "B = 8", "B = full"
EPOCHS = 150


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    few = {"rows": 400, "validation_split": 0.5}
    return {
        SMALL: plain(seed, data, batch_size=8, epochs=EPOCHS, **few),
        LARGE: plain(seed, data, batch_size="full", epochs=EPOCHS, **few),
    }


def _judge(records: Records) -> Judged:
    after = f"after {EPOCHS} epochs"
    pair = Pair(f"validation loss {after}, {SMALL} / {LARGE}", records.end(SMALL), records.end(LARGE))
    learnt = {name: mean(records.end(name, "train_loss")) for name in (SMALL, LARGE)}
    numbers = {f"training loss {after}, {name}": loss for name, loss in learnt.items()}
    return Judged(Verdict.HOLDS if pair.lower else Verdict.DOES_NOT_HOLD, (pair,), numbers=numbers)


CLAIM = Claim(
    key="wrong-labels",
    sentence="The noise of small batches keeps a network from memorising wrong labels.",
    source=Source.TEXTBOOK,
    measured=f"Digits of which 30 in 100 have a wrong label: validation loss after {EPOCHS} epochs with {SMALL} and "
    f"{LARGE} at the same learning rate.",
    data="mislabelled",
    tasks=_tasks,
    judge=_judge,
    place=8,
    seconds=4,
    fixed_data=True,
)
