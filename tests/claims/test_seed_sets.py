"""Every claim, really trained, on two disjoint sets of three seeds: both read the same off it, whatever they can prove.

Three seeds settle next to nothing (`test_few_seeds_settle_little`), so the direction that a verdict would take is what
is compared. The six seeds of a claim train together.
"""

from __future__ import annotations

import os

import pytest

from batchviz.claims.claim import Verdict
from batchviz.claims.records import Records
from batchviz.claims.registry import claim, claims
from batchviz.claims.report import judged
from batchviz.notebook.claim_checks import recorded
from batchviz.notebook.sweep_training import Trainer

SETS = (range(3), range(3, 6))
QUICK = {
    "noise-law": Verdict.HOLDS,
    "large-starts-fast": Verdict.ONLY_IF,
    "budget-decides": Verdict.HOLDS,
    "generalise-worse": Verdict.ONLY_IF,
    "wrong-labels": Verdict.DOES_NOT_HOLD,
    "fewer-epochs": Verdict.DOES_NOT_HOLD,
    "rate-over-batch": Verdict.ONLY_IF,
    "linear-rule": Verdict.ONLY_IF,
}
LONG = {
    "noisy-updates": Verdict.HOLDS,
    "small-is-slow": Verdict.ONLY_IF,
    "escapes-minima": Verdict.ONLY_IF,
    "sharp-minima": None,  # the seeds differ in which basin does better
    "medium-is-best": Verdict.HOLDS,
    "time-proportional": Verdict.ONLY_IF,
    "memory-inputs": Verdict.DOES_NOT_HOLD,
    "large-to-small": Verdict.DOES_NOT_HOLD,
    "accumulation-exact": Verdict.ONLY_IF,
}
TOO_LONG = pytest.mark.skipif(
    "BATCHVIZ_LONG_TESTS" not in os.environ, reason="takes two minutes; set BATCHVIZ_LONG_TESTS=1"
)
EXPECTED = [*QUICK.items(), *(pytest.param(*item, marks=TOO_LONG) for item in LONG.items())]


@pytest.mark.parametrize(("key", "verdict"), EXPECTED)
def test_two_seed_sets_read_the_same(key, verdict):
    tested = claim(key)
    with Trainer(1, lambda: False) as trainer:
        both = recorded(tested, [*SETS[0], *SETS[1]], tested.data, trainer)
    results = [judged(tested, tested.data, part(both, seeds), seeds, 1.0) for seeds in SETS]
    for result in results:
        assert result.judged.pairs
        assert all(pair.evidence is not None and pair.evidence.seeds == 3 for pair in result.judged.pairs)
        assert result.verdict in (result.judged.verdict, Verdict.NOT_DISTINGUISHABLE)
        assert verdict is None or result.judged.verdict is verdict
    if verdict is not None:
        assert (
            results[0].judged.condition.split(";")[0][:12] == results[1].judged.condition.split(";")[0][:12]
        )


def part(records, seeds):
    """The records of some of the seeds."""
    curves, measured = (
        {name: {seed: each[seed] for seed in seeds if seed in each} for name, each in kind.items()}
        for kind in (records.curves, records.measured)
    )
    return Records(curves, measured)


def test_every_claim_is_trained_here():
    assert {*QUICK, *LONG} == {each.key for each in claims()}
