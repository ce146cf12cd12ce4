"""What a closed step of the form tells of what is set in it."""

import pytest

from batchviz.experiment.spec import RunSpec
from batchviz.text.settings import changed

EVERYTHING = (*RunSpec.model_fields, "seeds")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ""),
        ({"batch_size": 8, "budget": 20, "validation_split": 0.3, "dataset": "digits"}, ""),
        ({"dataset": "digits", "model": "convnet"}, "1 changed: small convolutional network"),
        ({"hidden": (64, 32), "activation": "tanh"}, "2 changed: hidden 64-32, tanh"),
        ({"hidden": ()}, "1 changed: hidden none"),
        ({"optimizer": "sgd", "learning_rate": 0.1}, "2 changed: SGD, rate 0.1"),
        ({"optimizer": "momentum", "momentum": 0.8}, "2 changed: SGD with momentum, momentum 0.8"),
        ({"learning_rate_rule": "linear", "base_batch_size": 8}, "1 changed: linear rule from 8"),
        ({"batch_schedule": ((3, 64), (6, 256))}, "1 changed: growing 32 to 256"),
        (
            {"dataset": "teacher", "noise": 0.35, "rows": 500, "data_seed": 2},
            "3 changed: 500 rows, noise 0.35, data seed 2",
        ),
        ({"accumulation": 4, "dropout": 0.2}, "2 changed: dropout 0.2, 4 batches an update"),
        ({"batch_norm": True, "budget_unit": "updates"}, "2 changed: batch normalisation, budget in updates"),
        ({"seed": 7}, "1 changed: seed 7"),
    ],
)
def test_only_what_is_set_otherwise_is_told(fields: dict[str, object], told: str) -> None:
    assert changed(RunSpec.parse(fields), EVERYTHING) == told


def test_only_the_fields_of_the_step_are_told() -> None:
    spec = RunSpec(optimizer="sgd", dropout=0.2)
    assert changed(spec, ("dropout",)) == "1 changed: dropout 0.2"
    assert changed(spec, ("dropout", "seeds"), seeds=3) == "2 changed: dropout 0.2, 3 seeds"
