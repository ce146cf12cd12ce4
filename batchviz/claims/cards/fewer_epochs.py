"""Larger batches need fewer epochs."""

from __future__ import annotations

from itertools import pairwise

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import log_spaced, plain
from batchviz.experiment.spec import RunSpec

EPOCHS = {8: 10, 32: 20, 128: 60}
SIZES = tuple(EPOCHS)


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    return {
        f"B = {size}": plain(seed, data, batch_size=size, epochs=epochs) for size, epochs in EPOCHS.items()
    }


def _judge(records: Records) -> Judged:
    names = tuple(f"B = {size}" for size in SIZES)
    targets = records.shared_target(names)
    needed = {name: records.to_target(name, targets, "epochs") for name in names}
    pairs = tuple(
        Pair(f"epochs to the same loss, {small} / {large}", needed[small], needed[large])
        for small, large in pairwise(names)
    )
    fewer = [large for pair, large in zip(pairs, names[1:], strict=True) if pair.higher]
    verdict = {0: Verdict.DOES_NOT_HOLD, len(pairs): Verdict.HOLDS}.get(len(fewer), Verdict.ONLY_IF)
    numbers = {f"epochs to the same loss, {name}": mean(values) for name, values in needed.items()}
    return Judged(verdict, pairs, f"up to {fewer[-1]}" if fewer else "", numbers)


CLAIM = Claim(
    key="fewer-epochs",
    sentence="With larger batches fewer epochs are enough.",
    source=Source.ARTICLE,
    measured="Epochs until B = 8, 32 and 128 reach the same validation loss at the same learning rate.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    moments=log_spaced(1000),
    place=12,
    seconds=4,
    lesson="budgets",
)
