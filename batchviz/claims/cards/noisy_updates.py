"""Small batches give noisy updates."""

from __future__ import annotations

import numpy as np

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Curve, Records
from batchviz.claims.set_up import plain
from batchviz.experiment.spec import RunSpec

SMALL, LARGE = "B = 4", "B = 256"
UPDATES = 300


def _tasks(seed: int, data: str) -> dict[str, RunSpec]:
    return {
        SMALL: plain(seed, data, batch_size=4, updates=UPDATES),
        LARGE: plain(seed, data, batch_size=256, updates=UPDATES),
    }


def _jumps(curve: Curve) -> float:
    """How far the loss goes from one update to the next, as a share of it, over the second half of the run.

    The median of differences: a loss that falls steadily has none.
    """
    losses = curve.updates["loss"].astype(np.float64)[UPDATES // 2 :]
    return float(np.median(np.abs(np.diff(losses))) / losses.mean())


def _judge(records: Records) -> Judged:
    small, large = records.each(SMALL, _jumps), records.each(LARGE, _jumps)
    pair = Pair(f"jump of the loss from update to update, as a share of it, {SMALL} / {LARGE}", small, large)
    return Judged(Verdict.HOLDS if pair.higher else Verdict.DOES_NOT_HOLD, (pair,))


CLAIM = Claim(
    key="noisy-updates",
    sentence="Small batches give noisy updates.",
    source=Source.ARTICLE,
    measured=f"How far the loss jumps from one update to the next in the second half of {UPDATES} updates, with "
    f"{SMALL} and {LARGE} at the same learning rate.",
    data="digits",
    tasks=_tasks,
    judge=_judge,
    place=1,
    seconds=3,
    lesson="noise",
)
