"""`fit` is Keras' `fit`, asked of every layer that Keras exports: several at a time, each a branch of one model."""

import keras
import numpy as np
import pytest

from batchviz.training import row_wise
from tests.training.contract import ROWS, CannotBuild, assert_contract, built, exported

layers = keras.layers
RANDOM = np.random.default_rng(6)
APART = np.random.default_rng(7).uniform(-0.05, 0.05, size=(ROWS, 48))
X = (RANDOM.integers(0, 4, size=(ROWS, 48)) + 0.5 + APART).astype("float32")
"""Cast to whole numbers they are few. No two are equal: which of equal ones is the largest, rounding says, and so to
which of them the gradient of MaxPool3D goes; compiled and eager Keras differed there by 13 % of a loss."""
Y = RANDOM.normal(size=(ROWS, 1)).astype("float32")
SHAPES = [(48,), (12, 4), (4, 4, 3), (2, 2, 4, 3), (2, 2, 2, 2, 3)]
"""Shapes of an example to try a layer on; some layers take one with fewer sides for a picture, without rows."""
IMAGE = (4, 4, 3)
AT_ONCE = 9
ROUNDED = {"MelSpectrogram", "RandomElasticTransform"}
"""Layers beside which eager Keras rounds otherwise than compiled Keras: only the latter is asked. They share a model of
their own, since to compile eight others beside each takes Keras longer than all else of the test.
"""

LAYERS = exported(layers, keras.Layer)
ARGUMENTS = {
    **dict.fromkeys(
        ("units", "filters", "num_heads", "num_query_heads", "num_key_value_heads", "output_size"), 2
    ),
    **dict.fromkeys(
        ("pool_size", "kernel_size", "height", "width", "n", "key_dim", "head_dim", "output_dim"), 2
    ),
    **dict.fromkeys(("rate", "stddev", "factor", "height_factor", "width_factor"), 0.3),
    "activation": "tanh",
    "scale": 0.5,
    "input_dim": 5,
    "num_bins": 4,
    "axes": 1,
    "dims": (2, 1),
    "target_shape": (-1, 2),
    "function": keras.ops.square,
}
OWN_ARGUMENTS = {
    "Bidirectional": lambda: {"layer": layers.LSTM(2)},
    "CategoryEncoding": lambda: {"num_tokens": 5},
    "Cropping3D": lambda: {"cropping": ((0, 1), (0, 1), (1, 1))},
    "EinsumDense": lambda: {"equation": "abc,cd->abd", "output_shape": (12, 2)},
    "GroupNormalization": lambda: {"groups": 2},
    "RandomPosterization": lambda: {"factor": 4},
    "Discretization": lambda: {"bin_boundaries": [1.0, 2.0]},
    "IntegerLookup": lambda: {"vocabulary": [0, 1, 2], "output_mode": "multi_hot"},
    "Normalization": lambda: {"mean": 1.0, "variance": 2.0},
    "Pipeline": lambda: {"layers": [layers.Rescaling(0.5)]},
    "RNN": lambda: {"cell": layers.GRUCell(2)},
    "SpectralNormalization": lambda: {"layer": layers.Dense(2)},
    "StackedRNNCells": lambda: {"cells": [layers.LSTMCell(2), layers.GRUCell(2)]},
    "STFTSpectrogram": lambda: {"frame_length": 4, "frame_step": 4, "fft_length": 4},
    "MelSpectrogram": lambda: {"fft_length": 16, "sequence_stride": 8, "num_mel_bins": 4, "max_freq": 4000},
    "TimeDistributed": lambda: {"layer": layers.Dense(2)},
}
OTHER = {
    "InputLayer": "is part of every model here",
    "Wrapper": "is only derived from",
    **dict.fromkeys(("FlaxLayer", "JaxLayer"), "needs another backend"),
    **dict.fromkeys(("TorchModuleWrapper", "TFSMLayer"), "needs another library's model"),
    **dict.fromkeys(("StringLookup", "TextVectorization", "HashedCrossing"), "takes text, which is refused"),
    "RandomCrop": "gives another shape than it declares, where Keras' own fit stops as well",
    "RandomTranslation": "reads outside its image now and then, where Keras' own fit stops as well",
    "Equalization": "is not declared on an Input: its result is part of a cycle, says Keras 3.15",
    "AugMix": "is asked by hand: it takes minutes to trace",
    **dict.fromkeys(("MixUp", "CutMix", "MaxNumBoundingBoxes"), "takes images together with their labels"),
}
"""Layers that are not asked here, most because no array of numbers can be trained through them, and why."""


def layer(name):
    own = OWN_ARGUMENTS.get(name)
    made = LAYERS[name](**own()) if own else built("layers", LAYERS[name], ARGUMENTS)
    return layers.RNN(made) if hasattr(made, "state_size") and not hasattr(made, "return_sequences") else made


def calls(values):
    """Ways to call a layer on one input, or on two of the same shape."""
    second = layers.Rescaling(0.5)(values)
    yield lambda made: made(values)
    yield lambda made: made([values, second])
    yield lambda made: made(values, second)
    yield lambda made: made(values, second, second)


def where(name):
    """The shape of an example and the way of calling that a layer can be trained with."""
    shapes = SHAPES if name in row_wise.LAYERS else sorted(SHAPES, key=lambda shape: shape != IMAGE)
    for shape in shapes:
        values, inputs = keras.ops.convert_to_tensor(X[:5].reshape(5, *shape)), keras.Input(shape)
        for way, (call, declare) in enumerate(zip(calls(values), calls(inputs), strict=True)):
            made = layer(name)
            try:
                output, declared = (keras.tree.flatten(found)[0] for found in (call(made), declare(made)))
                keras.Model(inputs, declared)
            except Exception:
                continue
            if declared.shape == (None, *output.shape[1:]) and len(output) == 5 and 0 not in output.shape:
                return shape, way
    raise CannotBuild("layers", name)


def model_of(places):
    """One model with a branch for each of these layers."""
    inputs = keras.Input((48,))
    # As wide as its input, and at first the same, so that gradients flow through layers without weights too.
    hidden = layers.Dense(48, kernel_initializer="identity")(inputs)
    branches = []
    for name, (shape, way) in places.items():
        call = list(calls(layers.Reshape(shape)(hidden)))[way]
        output = keras.tree.flatten(call(layer(name)))[0]
        if not output.dtype.startswith("float"):
            output = layers.Rescaling(1.0)(output)
        branches.append(layers.Dense(1)(layers.LayerNormalization()(layers.Flatten()(output))))
    outputs = layers.Average()(branches) if len(branches) > 1 else branches[0]
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(1e-3), loss="mse", metrics=["mae"])
    return model


def groups():
    trained = [name for name in LAYERS if name not in OTHER]
    known = [name for name in trained if name in row_wise.LAYERS]
    rest = [name for name in trained if name not in row_wise.LAYERS and name not in ROUNDED]
    rounded = [name for name in trained if name in ROUNDED]
    return [part[n : n + AT_ONCE] for part in (known, rest, rounded) for n in range(0, len(part), AT_ONCE)]


@pytest.mark.parametrize("names", groups(), ids=lambda names: f"{names[0]} to {names[-1]}")
def test_every_layer(names):
    places = {name: where(name) for name in names}
    assert assert_contract(lambda: model_of(places), X, Y, eagerly=not ROUNDED & {*names}) == ""
