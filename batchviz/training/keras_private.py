"""What we reach into Keras for: every private name, in one place, as seen in Keras 3.15.

Keras publishes the running mean of an epoch; the loss and metrics of one batch, the weights a layer was built for and
an optimiser's slots it keeps to itself. Another minor version may rename any of this, which is why pyproject.toml pins
it. `tests/training/test_private_keras.py` has a case for each name and says which is gone.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from batchviz.errors import BatchVizError

SEEN_IN = "3.15"
NAMES: Mapping[str, str] = {
    "_compile_loss": "the loss that a model was compiled with",
    "_compile_metrics": "the metrics that a model was compiled with",
    "_loss_tracker": "the running mean of a model's loss",
    "_compute_loss": "a model's loss, what its layers add included",
    "_call_has_training_arg": "whether a model's call takes `training`",
    "_flatten_layers": "a model's layers, nested ones included",
    "_symbolic_build": "how a model builds itself for data, without computing",
    "_check_variables_are_known": "whether an optimiser was built for these variables",
    "_user_weighted_metrics": "the metrics that weigh examples",
    "_learning_rate": "an optimiser's learning rate, number or schedule",
    "_initial_epoch": "the epoch that BackupAndRestore goes on from",
    "_should_trace": "whether TensorBoard profiles batches",
    "_user_loss_weights": "the weights of a compiled loss",
    "_flat_losses": "the losses inside a compiled loss",
    "_fn": "the function of a metric",
    "_fn_kwargs": "the arguments of a metric's or loss' function",
    "_get_own_losses": "the losses that a layer adds",
    "_build_shapes_dict": "the shapes that a layer was built for",
    "_apply_weight_decay": "an optimiser's weight decay",
    "_get_variable_index": "where an optimiser keeps the slots of a variable",
    "_momentums": "Adam's first moments",
    "_velocities": "Adam's second moments",
}
"""Name -> what it holds."""
SEED_SOURCE = "python_random"
"""Of keras.src.random.seed_generator: where a layer without a seed of its own draws one."""


def compiled_loss(model: Any) -> Any:
    """The loss that a model was compiled with, None where it has none of Keras'."""
    return read(model, "_compile_loss")


def compiled_metrics(model: Any) -> Any:
    """The metrics that a model was compiled with, None without."""
    return read(model, "_compile_metrics")


def loss_tracker(model: Any) -> Any:
    """The metric that holds the running mean of a model's loss."""
    return read(model, "_loss_tracker")


def has_weighted_metrics(model: Any) -> bool:
    """Whether a model was compiled with weighted_metrics."""
    compiled = compiled_metrics(model)
    return compiled is not None and bool(read(compiled, "_user_weighted_metrics"))


def compute_loss(model: Any, x: Any, y: Any, prediction: Any, sample_weight: Any, *, training: bool) -> Any:
    """The loss of a batch with what layers add to it; a model's own `compute_loss` counts."""
    compute = read(model, "_compute_loss")
    return compute(x=x, y=y, y_pred=prediction, sample_weight=sample_weight, training=training)


def takes_training(model: Any) -> bool:
    """Whether a model's call has the argument `training`."""
    return bool(read(model, "_call_has_training_arg"))


def layers_of(model: Any) -> list[Any]:
    """All layers of a model, nested ones and itself included."""
    return list(read(model, "_flatten_layers")())


def build(model: Any, x: Any, y: Any) -> None:
    """Make the variables of a model that is not built yet, as Keras' `fit` makes them: nothing is computed or drawn."""
    if not all(layer.built for layer in layers_of(model)):
        read(model, "_symbolic_build")(data_batch=(x, y))


def adds_losses(model: Any) -> bool:
    """Whether any layer added a loss of its own when it was called last."""
    return any(read(layer, "_get_own_losses")() for layer in layers_of(model))


def built_for(layer: Any) -> dict[str, Any]:
    """The shapes that a layer was built for, by argument; empty for one that built itself."""
    return read(layer, "_build_shapes_dict") or {}


def has_loss_weights(model: Any) -> bool:
    """Whether a model was compiled with loss_weights."""
    return read(compiled_loss(model), "_user_loss_weights") is not None


def losses_of(model: Any) -> list[Any]:
    """The losses of a compiled model that has been built, one an output."""
    return [part.loss for part in read(compiled_loss(model), "_flat_losses")]


def metric_function(metric: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The function whose mean a MeanMetricWrapper takes, and its arguments beside y and the prediction."""
    return read(metric, "_fn"), read(metric, "_fn_kwargs")


def loss_arguments(loss: Any) -> dict[str, Any]:
    """The arguments of a loss' function beside y and the prediction."""
    return dict(read(loss, "_fn_kwargs"))


def mask_of(values: Any) -> Any:
    """The mask that Keras hung on a tensor, None where it has none: it looks for the attribute in the same way."""
    return getattr(values, "_keras_mask", None)


def follows_schedule(optimizer: Any) -> bool:
    """Whether an optimiser's learning rate is a schedule or a function, which nobody can set."""
    return not isinstance(read(_innermost(optimizer), "_learning_rate"), keras.Variable)


def initial_epoch(model: Any) -> int:
    """The epoch that a callback found training to go on from, 0 where none did."""
    return int(read(model, "_initial_epoch") or 0)


def profiles(tensorboard: Any) -> bool:
    """Whether a TensorBoard callback profiles batches."""
    return bool(read(tensorboard, "_should_trace"))


def check_known(optimizer: Any, variables: Sequence[Any]) -> None:
    """Raise ValueError for an optimiser that was built for other variables."""
    read(_innermost(optimizer), "_check_variables_are_known")(variables)


def _innermost(optimizer: Any) -> Any:
    """The optimiser that updates the variables: that inside a LossScaleOptimizer, else itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def apply_weight_decay(optimizer: Any, variables: Sequence[Any]) -> None:
    """Take an optimiser's weight decay off the variables."""
    read(optimizer, "_apply_weight_decay")(variables)


def slot_index(optimizer: Any, variable: Any) -> int:
    """Where an optimiser keeps the slots of a variable in its lists of them."""
    return int(read(optimizer, "_get_variable_index")(variable))


def adam_moments(optimizer: Any, variable: Any) -> tuple[Any, Any]:
    """Adam's first and second moments of a variable."""
    index = slot_index(optimizer, variable)
    return read(optimizer, "_momentums")[index], read(optimizer, "_velocities")[index]


def read(owner: Any, name: str) -> Any:
    """A private attribute. Raises BatchVizError, which names it and says what to install, where it is gone."""
    try:
        return getattr(owner, name)
    except AttributeError:
        raise BatchVizError(
            f"Keras {keras.__version__} has no {type(owner).__name__}.{name}, {NAMES[name]}, which BatchViz reads in "
            f"Keras {SEEN_IN}. Install keras=={SEEN_IN}.*, or mend batchviz/training/keras_private.py."
        ) from None


@contextmanager
def drawing_seeds_from(draws: random.Random) -> Iterator[None]:
    """Layers that are made meanwhile take the seeds of their weights and masks from here.

    Keras draws them from Python's own source, which every thread of the process shares: what another thread takes from
    it would be missing here, and the weights would be others.
    """
    module = importlib.import_module("keras.src.random.seed_generator")
    shared = getattr(module, SEED_SOURCE, None)
    if shared is None:
        raise BatchVizError(
            f"Keras {keras.__version__} has no {module.__name__}.{SEED_SOURCE}, from which layers draw their seeds in "
            f"Keras {SEEN_IN}. Install keras=={SEEN_IN}.*, or mend batchviz/training/keras_private.py."
        )
    setattr(module, SEED_SOURCE, draws)
    try:
        yield
    finally:
        setattr(module, SEED_SOURCE, shared)


def global_seed() -> int | None:
    """What `keras.utils.set_random_seed` was given, which has no public getter; None where it was not called."""
    try:
        from keras.src.utils.rng_utils import get_random_seed
    except ImportError:
        return None
    seed = get_random_seed()
    return seed if isinstance(seed, int) else None
