"""The weights that a page begins with are those of Keras, bit for bit."""

import numpy as np
import pytest

from batchviz.experiment.spec import RunSpec
from batchviz.exporters.demo.trainable import layer_seeds
from batchviz.training.run import seeded_model
from tests.frontend.node import node

SCRIPT = """
const { initialWeights } = await import(src + "/training/initial-weights.js");
console.log(JSON.stringify(input.map(([widths, seeds]) => [...initialWeights(widths, seeds)])));
"""


@pytest.fixture(scope="module")
def specs() -> list[RunSpec]:
    shapes: list[tuple[int, ...]] = [(), (16,), (5, 3), (40, 7, 1)]
    seeds = (0, 1, 77, 2**31 - 1)
    return [
        RunSpec(dataset=dataset, hidden=hidden, seed=seed)
        for dataset in ("random", "digits")
        for hidden, seed in zip(shapes, seeds, strict=True)
    ]


def test_first_weights_are_those_that_keras_draws(specs: list[RunSpec]) -> None:
    widths = [[spec.network.inputs, *spec.hidden, spec.network.outputs] for spec in specs]
    seeds = [layer_seeds(spec.seed, len(spec.hidden) + 1) for spec in specs]
    drawn = node(SCRIPT, list(zip(widths, seeds, strict=True)))
    for spec, ours in zip(specs, drawn, strict=True):
        theirs = np.concatenate([value.ravel() for value in seeded_model(spec).get_weights()])
        assert np.array_equal(np.array(ours, np.float32), theirs), spec
