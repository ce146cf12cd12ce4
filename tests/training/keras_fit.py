"""Keras' own `fit`, fed our order: the independent oracle. And the problem on which it is asked."""

import numpy as np

from batchviz.experiment.order import order
from batchviz.experiment.schedule import split_at
from batchviz.training import fit
from batchviz.training.loop import Loop


def problem(rows=100, features=6):
    random = np.random.default_rng(3)
    x = random.normal(size=(rows, features)).astype("float32")
    y = (x[:, :1] * 2 - x[:, 1:2] + 0.3 * random.normal(size=(rows, 1))).astype("float32")
    return x, y


def keras_history(model, x, y, *, batch_size, split, seed=0, epochs=3, sample_weight=None, class_weight=None):
    """Keras' fit, one epoch a call, shuffle off: the training rows laid out in our order, the others behind them.

    Where to cut is left to Keras: were our count of training rows another one, all its numbers would differ.
    Eagerly, since Keras compiles longer than it trains here; no step of its own is left out.
    """
    model.run_eagerly = True
    training = split_at(len(x), split)
    history = {}
    for epoch in range(epochs):
        visit = np.arange(len(x))
        visit[:training] = order(training, seed=seed, epoch=epoch)
        step = model.fit(
            x[visit], y[visit], batch_size=batch_size, epochs=epoch + 1, initial_epoch=epoch, shuffle=False,
            validation_split=split, verbose=0, class_weight=class_weight,
            sample_weight=None if sample_weight is None else sample_weight[visit],
        )  # fmt: skip
        for name, values in step.history.items():
            history.setdefault(name, []).extend(values)
    return history


def assert_same(ours, theirs, rtol=5e-5):
    assert list(ours) == list(theirs), "keys in the order of Keras"
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=rtol, err_msg=name)


def assert_equal_histories(ours, theirs, rtol=5e-5):
    """Our recording against Keras' History object: keys in their order, values, epochs."""
    assert ours.epoch == theirs.epoch
    assert_same(ours.history, theirs.history, rtol)


class Twins:
    """A model twice, ours with its traced loop and one for Keras; both start over for every call."""

    def __init__(self, make, x, y, weights=()):
        self.models = make(), make()
        self.models[1].run_eagerly = True  # Keras compiles longer than it trains here
        self.loop = Loop(self.models[0], x, y, weights=weights)
        self.models[1].optimizer.build(self.models[1].trainable_variables)
        self.starts = [[variable.numpy() for variable in _variables(model)] for model in self.models]

    def start_over(self):
        """Give both the state in which they were made."""
        for model, start in zip(self.models, self.starts, strict=True):
            for variable, value in zip(_variables(model), start, strict=True):
                variable.assign(value)

    def fit(self, *data, callbacks=lambda: None, **arguments):
        """Our recording and Keras' History of one call, silent, in the order of the rows; `callbacks` makes them."""
        self.start_over()
        arguments = {"shuffle": False, "verbose": 0, **arguments}
        ours = fit(self.models[0], *data, loop=self.loop, callbacks=callbacks(), **arguments)
        return ours, self.models[1].fit(*data, callbacks=callbacks(), **arguments)


def _variables(model):
    return [*model.variables, *model.optimizer.variables]
