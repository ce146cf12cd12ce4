"""What `fit` promises of anything that Keras can train: Keras' numbers and Keras' state, or a refusal in words."""

import inspect
import random

import keras
import numpy as np

from batchviz.errors import BatchVizError
from batchviz.training import fit

ROWS, BATCH, SPLIT, EPOCHS = 12, 5, 0.25, 2
"""9 rows train in batches of 5 and 4; 3 are held out."""
RTOL = 1e-5
"""Of every number of the history."""


def exported(module, base):
    """Every class of a public module of Keras that derives from `base`, by name; `base` itself and aliases left out."""
    found = {}
    for name, value in sorted(vars(module).items()):
        if (
            inspect.isclass(value)
            and issubclass(value, base)
            and value is not base
            and value not in found.values()
        ):
            found[name] = value
    return found


keras.utils.set_random_seed(7)


def seeded(make):
    """A model from the same draws as any other. Keras' layers draw by the seeds of Python and NumPy.

    TensorFlow's own seed is set once, above: setting it again throws away every kernel that was made, and making them
    anew took a fifth of these tests. What drew by it would differ between the two models, and so be told apart.
    """
    random.seed(7)
    np.random.seed(7)
    return make()


def state(model):
    """Everything that training may move, by name: weights, moving averages, seeds, slots, counters, metrics."""
    owners = {
        "model": model.variables,
        "optimizer": model.optimizer.variables,
        "metrics": model.metrics_variables,
    }
    return {
        f"{owner} {n} {v.path}": v for owner, variables in owners.items() for n, v in enumerate(variables)
    }


def assert_contract(
    make, x, y, *, rtol=RTOL, weights_rtol=1e-4, weights_atol=2e-6, eagerly=True, **arguments
):
    """Train `make()` by both; returns the refusal, if that is what it was. `rtol` is of the history.

    Keras trains eagerly, since it compiles longer than it trains here. Where eager Keras differs from compiled Keras
    (it counts the losses of single outputs otherwise), the latter is right: that is what a user's `fit` does. Where
    that is known before, `eagerly` is False, which spares the first of two looks.
    """
    arguments = {"batch_size": BATCH, "epochs": EPOCHS, "validation_split": SPLIT, **arguments}
    ours = seeded(make)
    try:
        recording = fit(ours, x, y, shuffle=False, verbose=0, **arguments)
    except BatchVizError as refusal:
        assert_says_what_to_pass(str(refusal))
        return str(refusal)
    for run_eagerly in (True, False) if eagerly else (False,):
        theirs = seeded(make)
        theirs.run_eagerly = run_eagerly
        history = theirs.fit(x, y, shuffle=False, verbose=0, **arguments)
        try:
            assert_same_numbers(recording.history, history.history, rtol)
            assert_same_state(state(ours), state(theirs), weights_rtol, weights_atol)
            break
        except AssertionError:
            if not run_eagerly:
                raise
    return ""


def assert_same_numbers(mine, other, rtol):
    assert list(mine) == list(other)
    for name, values in other.items():
        np.testing.assert_allclose(mine[name], values, rtol=rtol, atol=1e-7, err_msg=name)


def assert_same_state(mine, other, rtol, atol):
    assert len(mine) == len(other)
    for name, a, b in zip(other, mine.values(), other.values(), strict=True):
        a, b = (np.asarray(keras.ops.convert_to_numpy(v)) for v in (a, b))
        if a.dtype.kind in "iub":
            np.testing.assert_array_equal(a, b, err_msg=name)
        else:
            a, b = a.astype("float64"), b.astype("float64")
            np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg=name)


def assert_says_what_to_pass(refusal):
    assert any(
        word in refusal for word in ("Pass ", "expected ", "Expected ", "Compile ", "Call ", "Set ")
    ), refusal
    assert "Traceback" not in refusal


class CannotBuild(AssertionError):
    """A class of Keras' that the tables here know no arguments for."""

    def __init__(self, kind, name):
        super().__init__(
            f"keras.{kind}.{name} cannot be built with the arguments known here. Add what it needs to the table of "
            f"{kind} in tests/training, so that the contract is asked of it as well."
        )


def built(kind, cls, given):
    """An object of a class, with the arguments in `given` that it must have."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    needed = [p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    try:
        return cls(**{name: given[name] for name in needed})
    except (KeyError, TypeError, ValueError):
        raise CannotBuild(kind, cls.__name__) from None
