"""Rows that are drawn as dealt into batches are those that training visits, in that order."""

from __future__ import annotations

import numpy as np
import pytest

from batchviz.analysis.dealing import dealt
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec


@pytest.mark.parametrize("seed", [0, 7])
def test_the_order_is_the_samplers_and_another_one_every_epoch(seed: int) -> None:
    epochs = dealt(plan_for(RunSpec(seed=seed)))
    for number, epoch in enumerate(epochs):
        assert epoch.number == number
        # What docs, exported programs and Keras' own `fit` are given.
        assert epoch.order.tolist() == np.random.default_rng([seed, number]).permutation(800).tolist()
    assert epochs[0].order.tolist() != epochs[1].order.tolist()


def test_a_run_of_one_epoch_shows_one_and_a_schedule_cuts_each_as_it_is_trained() -> None:
    assert len(dealt(plan_for(RunSpec(budget=1)))) == 1
    assert len(dealt(plan_for(RunSpec(budget_unit="updates", budget=3)))) == 1
    assert len(dealt(plan_for(RunSpec(budget_unit="seconds", budget=3)))) == 2
    scheduled = dealt(plan_for(RunSpec(batch_schedule=((2, "full"),))))
    assert [epoch.batch_size for epoch in scheduled] == [32, 800]
