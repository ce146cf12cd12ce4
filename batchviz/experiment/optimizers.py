"""The optimisers: name -> Keras optimiser. To add one, write a row of OPTIMIZERS.

Importing this module loads no Keras; building an optimiser does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class Optimizer:
    """One optimiser, and how many numbers a parameter it keeps beside the weights (`slots`)."""

    title: str
    slots: int
    class_name: str
    arguments: Callable[[RunSpec], Mapping[str, Any]] = lambda spec: {}
    has_momentum: bool = False


OPTIMIZERS: Mapping[str, Optimizer] = {
    "sgd": Optimizer("SGD", 0, "SGD"),
    "momentum": Optimizer("SGD with momentum", 1, "SGD", lambda spec: {"momentum": spec.momentum}, True),
    "nesterov": Optimizer(
        "SGD with Nesterov momentum",
        1,
        "SGD",
        lambda spec: {"momentum": spec.momentum, "nesterov": True},
        True,
    ),
    "rmsprop": Optimizer("RMSprop", 1, "RMSprop"),
    "adam": Optimizer("Adam", 2, "Adam"),
    "adamw": Optimizer("AdamW", 2, "AdamW"),
}


def build(spec: RunSpec) -> Any:
    """The Keras optimiser of a spec, at the spec's learning rate for batches of its base size."""
    import keras

    optimizer = OPTIMIZERS[spec.optimizer]
    return getattr(keras.optimizers, optimizer.class_name)(
        learning_rate=spec.learning_rate, **optimizer.arguments(spec)
    )
