"""The network and its optimiser in plain Keras, layer by layer as `experiment.models` and `optimizers` build them."""

from __future__ import annotations

from collections.abc import Iterator

from batchviz.experiment import datasets, models
from batchviz.experiment.models import MODELS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.codegen.section import Section, docstring

OBJECTIVES = {
    "regression": ('loss="mse"', 'metrics=["mae"]'),
    "classification": (
        "loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        'metrics=["accuracy"]',
    ),
}


def section(spec: RunSpec, *, varied: bool = False) -> Section:
    """The function `build()`; where seed and rate are `varied` it takes them."""
    weights = models.size(spec.network).parameters
    explanation = (
        f"{MODELS[spec.model].title}, {weights:,} trained weights. The seed is set before the "
        "first layer is made, so every run of this seed starts from the same weights, whatever its batch size."
    )
    if spec.dropout:
        explanation += " Dropout draws from the same seed: its noise comes out again too."
    optimizer = OPTIMIZERS[spec.optimizer]
    arguments = "".join(f", {name}={value!r}" for name, value in optimizer.arguments(spec.momentum).items())
    layers = "\n".join(f"            {layer}," for layer in _layers(spec))
    objective = "\n".join(f"        {part}," for part in OBJECTIVES[datasets.find(spec.dataset).task])
    constants = f"SEED = {spec.seed}\nLEARNING_RATE = {spec.learning_rate!r}"
    seed, rate, signature = "SEED", "LEARNING_RATE", "build()"
    if varied:
        seed, rate, signature = "seed", "learning_rate", "build(seed, learning_rate)"
        constants = f"LEARNING_RATE = {spec.learning_rate!r}"
    code = f"""{constants}


def {signature}:
{docstring("The compiled model with its initial weights.")}
    keras.utils.set_random_seed({seed})
    model = keras.Sequential(
        [
{layers}
        ]
    )
    model.compile(
        optimizer=keras.optimizers.{optimizer.class_name}(learning_rate={rate}{arguments}),
{objective}
    )
    return model"""
    return Section("The model", explanation, code, "" if varied else "model = build()\nmodel.summary()")


def _layers(spec: RunSpec) -> Iterator[str]:
    data = datasets.find(spec.dataset)
    yield f"keras.Input(({data.inputs},))"
    if spec.model == "convnet":
        yield f"keras.layers.Reshape({data.image})"
    for width in spec.hidden:
        yield from _hidden(spec, width)
    if spec.model == "convnet":
        yield "keras.layers.Flatten()"
        if spec.dropout:
            yield f"keras.layers.Dropout({spec.dropout!r})"
    yield f"keras.layers.Dense({data.outputs})"


def _hidden(spec: RunSpec, width: int) -> Iterator[str]:
    layer = f'Conv2D({width}, 3, padding="same"' if spec.model == "convnet" else f"Dense({width}"
    if spec.batch_norm:
        yield f"keras.layers.{layer}, use_bias=False)"
        yield "keras.layers.BatchNormalization()"
        yield f'keras.layers.Activation("{spec.activation}")'
    else:
        yield f'keras.layers.{layer}, activation="{spec.activation}")'
    if spec.model == "convnet":
        yield "keras.layers.MaxPooling2D(2)"
    elif spec.dropout:
        yield f"keras.layers.Dropout({spec.dropout!r})"
