"""Keras' callbacks around the compiled epoch: what they are told, and what they make of it, is as in Keras' `fit`."""

import csv
import functools

import keras
import numpy as np
import pytest

from batchviz.errors import BatchVizError
from batchviz.experiment.records import Status
from batchviz.training import fit
from tests.training.keras_fit import Twins, assert_equal_histories, problem
from tests.training.test_keras_arguments import network

X, Y = problem(rows=40)
CALL = {"batch_size": 10, "validation_split": 0.25, "shuffle": False, "verbose": 0}
kc = keras.callbacks


def rising(optimizer="sgd", **compiled):
    """A model whose validation loss rises from its first epoch on."""
    model = network(optimizer, **compiled)
    model.optimizer.learning_rate = 0.5
    return model


def averaging():
    return network(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.7))


def exploding():
    return network(keras.optimizers.SGD(1e30))


@functools.cache
def twins(make):
    return Twins(make, X, Y)


def both(callbacks, make=network, **arguments):
    """Model and result of our `fit` and of Keras', each with callbacks of its own."""
    trained = twins(make).fit(X, Y, callbacks=callbacks, **{**CALL, "epochs": 4, **arguments})
    return zip(twins(make).models, trained, strict=True)


class Log(kc.Callback):
    """Writes down every call: the hook, its arguments, and what is known of the model then."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def set_params(self, params):
        super().set_params(params)
        self.calls.append(("params", params))

    def _note(self, hook, *arguments):
        norm = float(sum(np.abs(weights).sum() for weights in self.model.get_weights()))
        self.calls.append((hook, *arguments, norm, int(self.model.optimizer.iterations)))

    def on_train_begin(self, logs=None):
        self._note("train begins", logs)

    def on_train_end(self, logs=None):
        self._note("train ends", logs)

    def on_epoch_begin(self, epoch, logs=None):
        self._note("epoch begins", epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self._note("epoch ends", epoch, logs)

    def on_test_begin(self, logs=None):
        self._note("test begins", logs)

    def on_test_end(self, logs=None):
        self._note("test ends", logs)


@pytest.mark.parametrize(
    "arguments", [{}, {"validation_split": 0.0}, {"validation_freq": 2}, {"initial_epoch": 2}]
)
def test_every_hook_is_called_in_keras_order_with_its_logs(arguments):
    ours, theirs = Log(), Log()
    logs = iter([ours, theirs])
    both(lambda: [next(logs)], **arguments)
    assert [call[0] for call in ours.calls] == [call[0] for call in theirs.calls]
    for mine, other in zip(ours.calls, theirs.calls, strict=True):
        for a, b in zip(mine[1:], other[1:], strict=True):
            if isinstance(b, dict):
                assert list(a) == list(b)
                assert [type(value) for value in a.values()] == [type(value) for value in b.values()]
                assert a == pytest.approx(b, rel=5e-5)
            else:
                assert a == pytest.approx(b, rel=5e-5)


def plateau():
    return [kc.ReduceLROnPlateau(patience=1, factor=0.5, min_delta=10.0)]


@pytest.mark.parametrize(
    ("callbacks", "make"),
    [
        (lambda: [kc.EarlyStopping(patience=1)], rising),
        (lambda: kc.EarlyStopping(patience=2, restore_best_weights=True), rising),
        (lambda: [[kc.EarlyStopping(monitor="mae", mode="min", baseline=0.0, patience=1)]], network),
        (plateau, network),
        (lambda: [kc.LearningRateScheduler(lambda epoch, rate: rate * 0.7)], network),
        (lambda: [kc.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1)), *plateau()], network),
        (
            lambda: [kc.SwapEMAWeights()],
            averaging,
        ),
        (lambda: [kc.TerminateOnNaN()], network),
        (lambda: None, network),
    ],
    ids=[
        "stop",
        "stop and restore",
        "stop on a metric",
        "plateau",
        "schedule",
        "both rates",
        "ema",
        "nan",
        "none",
    ],
)
def test_a_callback_does_what_it_does_in_keras(callbacks, make):
    (ours, recording), (theirs, history) = both(callbacks, make)
    assert_equal_histories(recording, history)
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-6)
    assert float(ours.optimizer.learning_rate) == pytest.approx(float(theirs.optimizer.learning_rate))


def test_one_that_ends_training_is_told_in_the_recording():
    recording = fit(rising(), X, Y, **CALL, epochs=50, callbacks=[kc.EarlyStopping(patience=1)])
    last = recording.epoch[-1] + 1
    assert last < 50
    assert (recording.status, recording.reason) == (
        Status.STOPPED,
        f"A callback ended training after epoch {last}.",
    )


@pytest.mark.parametrize("hook", ["on_train_begin", "on_epoch_begin"])
def test_one_that_ends_an_epoch_before_it_began_leaves_it_one_batch_as_in_keras(hook):
    def ends():
        callback = kc.Callback()
        setattr(callback, hook, lambda *arguments: setattr(callback.model, "stop_training", True))
        return [callback]

    (ours, recording), (theirs, history) = both(ends)
    assert_equal_histories(recording, history)
    assert int(ours.optimizer.iterations) == int(theirs.optimizer.iterations) == 1


def test_checkpoints_hold_the_weights_of_their_epoch(tmp_path):
    names = iter(["ours", "theirs"])
    path = lambda: str(tmp_path / next(names)) + "-{epoch}-{val_loss:.3f}.weights.h5"  # noqa: E731
    both(lambda: [kc.ModelCheckpoint(path(), save_weights_only=True, save_best_only=True)])
    ours = sorted(file.name[4:] for file in tmp_path.glob("ours*"))
    theirs = sorted(file.name[6:] for file in tmp_path.glob("theirs*"))
    assert ours == theirs != []
    models = network(), network()
    for name, model in zip(("ours", "theirs"), models, strict=True):
        model.load_weights(tmp_path / f"{name}{ours[0]}")
    for mine, other in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4)


def test_training_goes_on_from_a_backup(tmp_path):
    class PowerCut(kc.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    model, backup = network("adam"), lambda: kc.BackupAndRestore(str(tmp_path / "backup"))
    with pytest.raises(KeyboardInterrupt):
        fit(model, X, Y, **CALL, epochs=4, callbacks=[backup(), PowerCut()])
    again = fit(network("adam"), X, Y, **CALL, epochs=4, callbacks=[backup()])
    whole = fit(network("adam"), X, Y, **CALL, epochs=4)
    assert again.epoch == [2, 3]
    assert again.history["loss"] == pytest.approx(whole.history["loss"][2:], rel=1e-5)
    assert not (tmp_path / "backup").exists()


def test_files_say_what_those_of_keras_say(tmp_path):
    names = iter(["ours", "theirs"])
    both(lambda: [kc.CSVLogger(tmp_path / next(names))])
    rows = [list(csv.reader((tmp_path / name).open())) for name in ("ours", "theirs")]
    assert rows[0][0] == rows[1][0] == ["epoch", "loss", "mae", "val_loss", "val_mae"]
    values = [np.array(table[1:], float) for table in rows]
    np.testing.assert_allclose(*values, rtol=5e-5)


def test_tensorboard_is_written_to(tmp_path):
    fit(network(), X, Y, **CALL, callbacks=[kc.TensorBoard(tmp_path, histogram_freq=1)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train", "validation"]


def test_a_loss_that_is_not_finite_ends_training_as_terminate_on_nan_does(capsys):
    logs = [Log(), Log()]
    taken = iter(logs)
    (_, recording), (_, history) = both(lambda: [kc.TerminateOnNaN(), next(taken)], exploding, epochs=3)
    printed = [line for line in capsys.readouterr().out.splitlines() if "Invalid loss" in line]
    assert len(printed) == 2
    assert printed[0] == printed[1]
    assert recording.epoch == history.epoch
    assert [call[0] for call in logs[0].calls] == [call[0] for call in logs[1].calls]
    with pytest.raises(RuntimeError, match="NaN or Inf loss encountered at batch"):
        fit(exploding(), X, Y, **CALL, callbacks=[kc.TerminateOnNaN(raise_error=True)])


def test_history_is_left_on_the_model_and_filled_where_it_is_given():
    history = kc.History()
    model = network()
    recording = fit(model, X, Y, **CALL, epochs=2, callbacks=[history])
    assert model.history is history
    assert (history.history, history.epoch) == (recording.history, recording.epoch)
    assert history.params == {"verbose": 0, "epochs": 2, "steps": 3}
    listed = kc.CallbackList([log := Log()], model=model, verbose=0, epochs=1, steps=3)
    recording = fit(model, X, Y, **CALL, callbacks=listed)
    assert [call[0] for call in log.calls][-1] == "train ends"
    assert len(recording.history["loss"]) == 1


class Batchwise(kc.Callback):
    def on_train_batch_end(self, batch, logs=None):
        pass

    def on_test_batch_begin(self, batch, logs=None):
        pass


class OwnCheckpoint(kc.ModelCheckpoint):
    def on_train_batch_end(self, batch, logs=None):
        pass


class Recorder(kc.Callback):
    __module__ = "batchviz.notebook.callback"


@pytest.mark.parametrize(
    ("callback", "match"),
    [
        (lambda path: Recorder(), "batchviz.Callback.., which records Keras' own .* Leave it out"),
        (
            lambda path: Batchwise(),
            r"callback Batchwise has on_train_batch_end and on_test_batch_begin;.*on_epoch_end",
        ),
        (
            lambda path: kc.LambdaCallback(on_train_batch_end=print),
            r"LambdaCallback has on_train_batch_end.*bat.*Callback",
        ),
        (lambda path: kc.LambdaCallback(on_batch_end=print), "LambdaCallback has on_batch_end"),
        (lambda path: OwnCheckpoint(path / "a.keras"), "OwnCheckpoint has on_train_batch_end"),
        (
            lambda path: kc.ModelCheckpoint(path / "a.keras", save_freq=5),
            'ModelCheckpoint is .*save_freq="epoch"',
        ),
        (lambda path: kc.BackupAndRestore(path, save_freq=5), 'BackupAndRestore is .*save_freq="epoch"'),
        (lambda path: kc.TensorBoard(path, update_freq="batch"), 'TensorBoard is .*update_freq="epoch"'),
        (lambda path: kc.TensorBoard(path, update_freq=3), "TensorBoard is set up to act between batches"),
        (lambda path: kc.EarlyStopping, r"the class EarlyStopping; expected EarlyStopping\(\.\.\.\)"),
        (
            lambda path: print,
            "holds a builtin_function_or_method of builtins; expected a keras.callbacks.Callback",
        ),
    ],
    ids=lambda value: None if callable(value) else value[:24],
)
def test_what_acts_between_batches_is_refused_by_name(callback, match, tmp_path):
    with pytest.raises(BatchVizError, match=match):
        fit(network(), X, Y, **CALL, callbacks=[callback(tmp_path)])
