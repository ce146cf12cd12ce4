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
from typing import TYPE_CHECKING, Any

from batchviz.experiment import datasets

if TYPE_CHECKING:
    from batchviz.experiment.spec import RunSpec

ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "gelu", "silu", "linear")


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
    size: Callable[[RunSpec], Size]
    layers: Callable[[RunSpec], Iterator[Any]]
    """The Keras layers between the input and the output layer."""
    needs_image: bool = False


def build(spec: RunSpec) -> Any:
    """The Keras model of a spec, not compiled. The last layer is linear (logits for classification)."""
    import keras

    data = datasets.find(spec.dataset)
    layers = [keras.Input((data.inputs,)), *MODELS[spec.model].layers(spec), keras.layers.Dense(data.outputs)]
    return keras.Sequential(layers)


def _mlp_layers(spec: RunSpec) -> Iterator[Any]:
    import keras

    for width in spec.hidden:
        if spec.batch_norm:
            yield keras.layers.Dense(width, use_bias=False)
            yield keras.layers.BatchNormalization()
            yield keras.layers.Activation(spec.activation)
        else:
            yield keras.layers.Dense(width, activation=spec.activation)
        if spec.dropout:
            yield keras.layers.Dropout(spec.dropout)


def _mlp_size(spec: RunSpec) -> Size:
    data = datasets.find(spec.dataset)
    widths = (data.inputs, *spec.hidden, data.outputs)
    normalised = sum(spec.hidden) if spec.batch_norm else 0
    return Size(
        # A scale and a shift for each normalised output, in place of its bias.
        parameters=sum((a + 1) * b for a, b in pairwise(widths)) + normalised,
        state=2 * normalised,
        activations=sum(widths[1:]) + normalised,
        multiplications=sum(a * b for a, b in pairwise(widths)),
    )


def _convnet_layers(spec: RunSpec) -> Iterator[Any]:
    import keras

    yield keras.layers.Reshape(datasets.find(spec.dataset).image)
    for filters in spec.hidden:
        if spec.batch_norm:
            yield keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)
            yield keras.layers.BatchNormalization()
            yield keras.layers.Activation(spec.activation)
        else:
            yield keras.layers.Conv2D(filters, 3, padding="same", activation=spec.activation)
        yield keras.layers.MaxPooling2D(2)
    yield keras.layers.Flatten()
    if spec.dropout:
        yield keras.layers.Dropout(spec.dropout)


def _convnet_size(spec: RunSpec) -> Size:
    data = datasets.find(spec.dataset)
    assert data.image is not None
    side, _, channels = data.image
    parameters = state = activations = multiplications = 0
    for filters in spec.hidden:
        parameters += (9 * channels + (2 if spec.batch_norm else 1)) * filters
        state += 2 * filters if spec.batch_norm else 0
        multiplications += side * side * 9 * channels * filters
        activations += side * side * filters * (2 if spec.batch_norm else 1)
        side, channels = side // 2, filters
        activations += side * side * filters
    flat = side * side * channels
    return Size(
        parameters=parameters + (flat + 1) * data.outputs,
        state=state,
        activations=activations + data.outputs,
        multiplications=multiplications + flat * data.outputs,
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
