"""Accumulated micro-batches are a larger batch."""

from __future__ import annotations

from typing import Any

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import within
from batchviz.claims.records import Records
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec

OPTIMIZERS = {"SGD": "sgd", "momentum": "momentum", "Adam": "adam"}
NORMALISED = "batch normalisation"
UPDATES = 40
EQUAL = 1.0001
"""As a factor between two losses: what rounding of 32-bit numbers comes to."""


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    ways: dict[str, dict[str, Any]] = {name: {"optimizer": key} for name, key in OPTIMIZERS.items()}
    ways[NORMALISED] = {"batch_norm": True}
    # 240 training rows are ten batches of 24: no update is smaller than the others.
    common: dict[str, Any] = {"rows": 300, "learning_rate": 0.01, "updates": UPDATES, "hidden": (16,)}
    tasks = {}
    for name, fields in ways.items():
        tasks[f"{name}, 24"] = plain(seed, data, **common | fields, batch_size=24)
        tasks[f"{name}, 6 x 4"] = plain(seed, data, **common | fields, batch_size=6, accumulation=4)
    return tasks


def _judge(records: Records) -> Judged:
    pairs = {}
    for name in (*OPTIMIZERS, NORMALISED):
        ends = [records.end(f"{name}, {way}", "train_loss") for way in ("6 x 4", "24")]
        what = f"{name}: distance of the losses after {UPDATES} updates, 6 x 4 from 24, against a factor of {EQUAL}"
        pairs[name] = within(what, ends[0], ends[1], EQUAL)
    different = tuple(name for name in OPTIMIZERS if not pairs[name].lower)
    if different:
        return Judged(Verdict.DOES_NOT_HOLD, tuple(pairs[name] for name in different))
    if pairs[NORMALISED].lower:
        return Judged(Verdict.HOLDS, tuple(pairs.values()))
    return Judged(Verdict.ONLY_IF, tuple(pairs.values()), f"without {NORMALISED}")


CLAIM = Claim(
    key="accumulation-exact",
    sentence="Accumulating the gradients of small batches trains as one large batch does.",
    source=Source.ARTICLE,
    measured=f"The training loss after {UPDATES} updates of four micro-batches of 6 and of batches of 24, from the "
    f"same start in the same order: with {', '.join(OPTIMIZERS)}, and in a network with {NORMALISED}.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    place=14,
    seconds=6,
)
