"""Which models answer each row by itself: only those may be evaluated in pieces of another size than Keras takes.

A layer that centres a batch, a function of the user's that looks across it, an operation between layers: each may give
another answer when the rows are cut otherwise. So this is a list of what is known to keep rows apart; whatever is not
on it is evaluated in Keras' own batches, which is slower and always right.
"""

from __future__ import annotations

from typing import Any

import keras

LAYERS = {
    *(
        "InputLayer",
        "Dense",
        "EinsumDense",
        "Embedding",
        "Identity",
        "Flatten",
        "Reshape",
        "Permute",
        "RepeatVector",
    ),
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"),
    *(
        "Dropout",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
        "GaussianDropout",
        "GaussianNoise",
    ),
    *(
        "BatchNormalization",
        "LayerNormalization",
        "RMSNormalization",
        "UnitNormalization",
        "GroupNormalization",
    ),
    *(f"Conv{n}D{transposed}" for n in (1, 2, 3) for transposed in ("", "Transpose")),
    *(f"{kind}Conv{n}D" for kind in ("Depthwise", "Separable") for n in (1, 2)),
    *(f"{kind}{n}D" for kind in ("ZeroPadding", "Cropping", "UpSampling") for n in (1, 2, 3)),
    *(
        f"{area}{kind}Pooling{n}D"
        for area in ("", "Global")
        for kind in ("Max", "Average")
        for n in (1, 2, 3)
    ),
    *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"),
}


def is_row_wise(model: Any) -> bool:
    """Whether every part of a model is known to treat a row the same, whatever other rows are in its batch.

    In inference, and as long as nothing in it changes a variable.
    """
    if type(model) is keras.Sequential:
        parts = model.layers
    elif type(model).__name__ == "Functional" and type(model).__module__.startswith("keras."):
        parts = model.operations
    else:
        return False
    return all(is_row_wise(part) if isinstance(part, keras.Model) else _is_known(part) for part in parts)


def _is_known(part: Any) -> bool:
    name = type(part).__name__
    activation = getattr(part, "activation", None)
    return (
        name in LAYERS
        and type(part) is getattr(keras.layers, name, None)
        and (activation is None or getattr(activation, "__module__", "").startswith("keras."))
        and 0 not in keras.tree.flatten(getattr(part, "axis", None))
    )
