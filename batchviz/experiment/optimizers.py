"""The optimisers: name -> Keras optimiser. To add one, write a row of OPTIMIZERS.

Importing this module loads no Keras; building an optimiser does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Optimizer:
    """One optimiser, and how many numbers a parameter it keeps beside the weights (`slots`)."""

    title: str
    slots: int
    class_name: str
    """In `keras.optimizers`."""
    has_momentum: bool = False
    """Whether it reads the momentum."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Arguments that are the same in every run."""

    def arguments(self, momentum: float) -> dict[str, Any]:
        """What Keras is handed beside the learning rate."""
        return ({"momentum": momentum} if self.has_momentum else {}) | dict(self.constants)


OPTIMIZERS: Mapping[str, Optimizer] = {
    "sgd": Optimizer("SGD", 0, "SGD"),
    "momentum": Optimizer("SGD with momentum", 1, "SGD", has_momentum=True),
    "nesterov": Optimizer("SGD with Nesterov momentum", 1, "SGD", True, {"nesterov": True}),
    "rmsprop": Optimizer("RMSprop", 1, "RMSprop"),
    "adam": Optimizer("Adam", 2, "Adam"),
    "adamw": Optimizer("AdamW", 2, "AdamW"),
}


def build(name: str, *, learning_rate: float, momentum: float) -> Any:
    """The Keras optimiser of that name. `momentum` is for those that have one."""
    import keras

    optimizer = OPTIMIZERS[name]
    kind = getattr(keras.optimizers, optimizer.class_name)
    return kind(learning_rate=learning_rate, **optimizer.arguments(momentum))
