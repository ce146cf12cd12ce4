"""Keras' callbacks around the compiled epoch: called as in Keras' `fit`, with the same logs, or refused by name.

What begins or ends training, an epoch or its validation is called. What would be called with every batch is not: an
epoch is one loop in TensorFlow, which comes back to Python a few times a second. Of Keras' own callbacks those are
taken whose hooks of batches do nothing as they are set up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from batchviz.errors import BatchVizError
from batchviz.training import keras_private
from batchviz.training.streams import KEEP_KERAS

BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)


def _saves_by_epoch(callback: Any) -> bool:
    return bool(callback.save_freq == "epoch")


def _writes_by_epoch(callback: Any) -> bool:
    return bool(callback.update_freq == "epoch") and not keras_private.profiles(callback)


_IDLE_IN_BATCHES: Mapping[type, tuple[Callable[[Any], bool], str]] = {
    keras.callbacks.ModelCheckpoint: (_saves_by_epoch, 'save_freq="epoch"'),
    keras.callbacks.BackupAndRestore: (_saves_by_epoch, 'save_freq="epoch"'),
    keras.callbacks.OrbaxCheckpoint: (_saves_by_epoch, 'save_freq="epoch"'),
    keras.callbacks.TensorBoard: (_writes_by_epoch, 'update_freq="epoch" and profile_batch=0'),
    keras.callbacks.TerminateOnNaN: (lambda callback: True, ""),  # told of the one batch it waits for
    keras.callbacks.ProgbarLogger: (lambda callback: True, ""),  # told when the loop comes back
}
"""Keras' callbacks with hooks of batches -> whether one does nothing there, and how to set it up so."""


class Callbacks:
    """The callbacks of one run, Keras' `History` among them."""

    def __init__(self, callbacks: Any, model: Any, *, verbose: Any) -> None:
        """`given` and `verbose` are the arguments of `fit`. Raises BatchVizError for what cannot be called here."""
        self.model = model
        self._verbose = _verbosity(verbose)
        self._callbacks = callbacks
        listed = callbacks.callbacks if isinstance(callbacks, keras.callbacks.CallbackList) else callbacks
        for callback in keras.tree.flatten(listed or []):
            refuse(callback)

    def begin_training(self, *, epochs: float, steps: int) -> None:
        """The model is built; `steps` are the batches of the first epoch."""
        if isinstance(self._callbacks, keras.callbacks.CallbackList):
            self._list = self._callbacks
        elif not self._callbacks and not self._verbose:
            # Alone it takes the calls itself: a list converts logs, which are numbers already, at every epoch.
            self._list = keras.callbacks.History()
            self._list.set_params({"verbose": 0, "epochs": epochs, "steps": steps})
            self._list.set_model(self.model)
            self.model.history = self._list
        else:
            self._list = keras.callbacks.CallbackList(
                self._callbacks,
                add_history=True,
                add_progbar=self._verbose != 0,
                model=self.model,
                verbose=self._verbose,
                epochs=epochs,
                steps=steps,
            )
        self._all = getattr(self._list, "callbacks", [self._list])
        histories = [c for c in self._all if isinstance(c, keras.callbacks.History)]
        self.history = histories[0] if histories else self._added_history()
        bars = [c for c in self._all if isinstance(c, keras.callbacks.ProgbarLogger)]
        self._bars = [bar for bar in bars if bar.verbose == 1]
        self._logs: Mapping[str, float] | None = None
        self.model.stop_training = False
        self._list.on_train_begin()

    @property
    def stop(self) -> bool:
        """Whether a callback asked for the end of training."""
        return bool(self.model.stop_training)

    @property
    def show_progress(self) -> bool:
        """Whether `progress` is wanted."""
        return bool(self._bars)

    def begin_epoch(self, number: int, *, steps: int) -> None:
        """Of an epoch counted from 0."""
        params = self._list.params
        if params and params.get("steps") != steps:  # another batch size from here on
            self._list.set_params({**params, "steps": steps})
        self._list.on_epoch_begin(number)

    def progress(self, batches: int, logs: Mapping[str, float]) -> None:
        """So many batches of the epoch are done; `logs` are the running means."""
        for bar in self._bars:
            bar.on_train_batch_end(batches - 1, dict(logs))

    def not_finite(self, batch: int, loss: float) -> None:
        """The loss of this batch of the epoch was no finite number."""
        for callback in self._all:
            if isinstance(callback, keras.callbacks.TerminateOnNaN):
                callback.on_batch_end(batch, {"loss": loss})

    def begin_validation(self) -> None:
        """The rows held out are evaluated next."""
        self._list.on_test_begin()

    def end_validation(self, logs: Mapping[str, float]) -> None:
        """They were, with these results."""
        self._list.on_test_end(dict(logs))

    def end_epoch(self, number: int, logs: Mapping[str, float]) -> None:
        """`logs` are what Keras' history holds of the epoch."""
        self._logs = dict(sorted(logs.items()))  # the order in which Keras hands them out
        self._list.on_epoch_end(number, dict(self._logs))

    def end_training(self, message: str = "") -> None:
        """After the last epoch; `message` is for a reader of what is printed."""
        self._list.on_train_end(self._logs)
        if message and self._verbose:
            print(message)

    def _added_history(self) -> Any:
        history = keras.callbacks.History()
        history.set_model(self.model)
        self._all.append(history)
        return history


def refuse(callback: Any) -> None:
    """Raise BatchVizError for a callback that acts between batches, and for what is none."""
    name = type(callback).__name__
    if isinstance(callback, type):
        raise BatchVizError(
            f"callbacks holds the class {callback.__name__}; expected {callback.__name__}(...)."
        )
    if not isinstance(callback, keras.callbacks.Callback):
        raise BatchVizError(
            f"callbacks holds a {name} of {type(callback).__module__}; expected a keras.callbacks.Callback."
        )
    if type(callback).__module__.startswith("batchviz."):
        raise BatchVizError(
            "callbacks holds batchviz.Callback(), which records Keras' own model.fit; this fit records by itself. "
            "Leave it out: fit returns the recording."
        )
    hooks = [hook for hook in BATCH_HOOKS if _home(callback, hook) is not keras.callbacks.Callback]
    acting = []
    for hook in hooks:
        is_idle, setting = _IDLE_IN_BATCHES.get(_home(callback, hook), (None, ""))
        if is_idle is None:
            acting.append(hook)
        elif not is_idle(callback):
            raise BatchVizError(
                f"{name} is set up to act between batches, and here an epoch is one compiled loop, which calls no "
                f"Python in between. Expected {setting}. {KEEP_KERAS}"
            )
    if acting:
        raise BatchVizError(
            f"The callback {name} has {' and '.join(acting)}; here an epoch is one compiled loop, which calls no "
            "Python between batches. Move what it does to on_epoch_begin or on_epoch_end: the loss of every update "
            f"is in `recording.updates` without it. {KEEP_KERAS}"
        )


def _home(callback: Any, hook: str) -> Any:
    """Where a hook is defined: a class, or the callback itself, as of LambdaCallback."""
    if hook in vars(callback):
        return callback
    return next(parent for parent in type(callback).__mro__ if hook in vars(parent))


def _verbosity(verbose: Any) -> int:
    if verbose == "auto":
        return 1
    if not isinstance(verbose, int) or verbose not in (0, 1, 2):
        raise BatchVizError(
            f'verbose={verbose!r}; expected "auto", 0 (silent), 1 (a bar) or 2 (a line an epoch).'
        )
    return int(verbose)
