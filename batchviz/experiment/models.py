"""The models: name -> Keras model. To add one, write its layers and its parameter count, and a row of MODELS.

Importing this module loads no Keras; building a model does.

A layer in front of batch normalisation has no bias. It could do nothing, because the batch's mean is taken away: its
true gradient is zero, and Adam would scale the rounding that is computed in its place up to whole steps, another walk
in every program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "gelu", "silu", "linear")


@dataclass(frozen=True)
class Network:
    """What shapes a network, in plain values. The last layer is linear (logits for classification)."""

    model: str
    """One of MODELS."""
    inputs: int
    outputs: int
    hidden: tuple[int, ...]
    activation: str = "relu"
    dropout: float = 0.0
    batch_norm: bool = False
    image: tuple[int, int, int] | None = None
    """Height, width and channels of the inputs, where they are a picture."""


@dataclass(frozen=True)
class Size:
    """What a model costs, from its layers alone. Counted in numbers, not bytes."""

    parameters: int
    """Trainable weights."""
    state: int
    """Weights that are not trained: moving means and variances."""
    activations: int
    """Layer outputs an example."""
    multiplications: int
    """Multiply-adds an example in the forward pass."""


@dataclass(frozen=True)
class Model:
    """One family of models."""

    title: str
    hidden_title: str
    hidden: tuple[int, ...]
    max_depth: int
    size: Callable[[Network], Size]
    layers: Callable[[Network], Iterator[Any]]
    """The Keras layers between the input and the output layer."""
    needs_image: bool = False


def size(network: Network) -> Size:
    """What a network costs, without building it."""
    return MODELS[network.model].size(network)


def build(network: Network) -> Any:
    """The Keras model of a network, not compiled, with initial weights drawn from Keras' seed."""
    import keras

    return keras.Sequential([keras.Input((network.inputs,)), *layers(network)])


def layers(network: Network) -> list[Any]:
    """Its Keras layers behind the input, none of them built: each has drawn the seed of its weights."""
    import keras

    return [*MODELS[network.model].layers(network), keras.layers.Dense(network.outputs)]


def _mlp_layers(network: Network) -> Iterator[Any]:
    import keras

    for width in network.hidden:
        if network.batch_norm:
            yield keras.layers.Dense(width, use_bias=False)
            yield keras.layers.BatchNormalization()
            yield keras.layers.Activation(network.activation)
        else:
            yield keras.layers.Dense(width, activation=network.activation)
        if network.dropout:
            yield keras.layers.Dropout(network.dropout)


def _mlp_size(network: Network) -> Size:
    widths = (network.inputs, *network.hidden, network.outputs)
    normalised = sum(network.hidden) if network.batch_norm else 0
    return Size(
        # A scale and a shift for each normalised output, in place of its bias.
        parameters=sum((a + 1) * b for a, b in pairwise(widths)) + normalised,
        state=2 * normalised,
        activations=sum(widths[1:]) + normalised,
        multiplications=sum(a * b for a, b in pairwise(widths)),
    )


def _convnet_layers(network: Network) -> Iterator[Any]:
    import keras

    yield keras.layers.Reshape(network.image)
    for filters in network.hidden:
        if network.batch_norm:
            yield keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)
            yield keras.layers.BatchNormalization()
            yield keras.layers.Activation(network.activation)
        else:
            yield keras.layers.Conv2D(filters, 3, padding="same", activation=network.activation)
        yield keras.layers.MaxPooling2D(2)
    yield keras.layers.Flatten()
    if network.dropout:
        yield keras.layers.Dropout(network.dropout)


def _convnet_size(network: Network) -> Size:
    assert network.image is not None
    side, _, channels = network.image
    parameters = state = activations = multiplications = 0
    for filters in network.hidden:
        parameters += (9 * channels + (2 if network.batch_norm else 1)) * filters
        state += 2 * filters if network.batch_norm else 0
        multiplications += side * side * 9 * channels * filters
        activations += side * side * filters * (2 if network.batch_norm else 1)
        side, channels = side // 2, filters
        activations += side * side * filters
    flat = side * side * channels
    return Size(
        parameters=parameters + (flat + 1) * network.outputs,
        state=state,
        activations=activations + network.outputs,
        multiplications=multiplications + flat * network.outputs,
    )


MODELS: Mapping[str, Model] = {
    "mlp": Model("Dense network (MLP)", "Hidden widths", (16,), 6, _mlp_size, _mlp_layers),
    "convnet": Model(
        "Small convolutional network",
        "Filters a layer",
        (8, 16),
        3,
        _convnet_size,
        _convnet_layers,
        needs_image=True,
    ),
}
