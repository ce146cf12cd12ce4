"""`train` and the TrainedRun it returns: the recording of one run as pandas tables with Keras' names."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from batchviz.experiment.parsing import as_text, read_budget
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.notebook.interrupt import interrupt_as_request
from batchviz.notebook.progress import ProgressLine

if TYPE_CHECKING:
    from batchviz.training import Recording

SHOWN_EPOCHS = 10


@dataclass(frozen=True, repr=False)
class TrainedRun:
    """One run, trained. Metrics have Keras' names: `loss`, `mae` or `accuracy`, and `val_` before them."""

    spec: RunSpec
    recording: Recording

    @property
    def status(self) -> Status:
        """`done`, `stopped` or `diverged`."""
        return self.recording.status

    @property
    def reason(self) -> str:
        """Why the run ended before its budget did; empty when it is done."""
        return self.recording.reason

    @property
    def seconds(self) -> float:
        """Time spent training, without set-up and evaluation."""
        return self.recording.progress.seconds

    @property
    def history(self) -> pd.DataFrame:
        """Keras' history, a row an epoch, counted from 1; the loss first."""
        names = self.recording.names
        keys = [*names, *(f"val_{name}" for name in names if f"val_{name}" in self.recording.history)]
        history = {key: self.recording.history[key] for key in keys}
        return pd.DataFrame(history, index=_count("epoch", 1, len(history["loss"])))

    @property
    def updates(self) -> pd.DataFrame:
        """A row an update, counted from 1: `loss`, the metric, `batch_size` and `learning_rate`."""
        updates = dict(self.recording.updates)
        frame = pd.DataFrame(updates, index=_count("update", 1, len(updates["loss"])))
        return frame.astype({"batch_size": int})

    @property
    def epochs(self) -> pd.DataFrame:
        """All that is known of each epoch; row 0 is the state before the first update.

        Beside `history`: `updates`, `examples` and `seconds` so far, `train_loss` and its metric, evaluated
        on the training set at the epoch's end, where `loss` is the mean of the batches on the way there.
        """
        before = {"updates": 0, "examples": 0, "seconds": 0.0} | self.recording.initial
        columns = self.recording.epochs
        return pd.DataFrame(
            {name: [before.get(name, float("nan")), *values] for name, values in columns.items()},
            index=_count("epoch", 0, len(columns["loss"])),
        )

    def __repr__(self) -> str:
        return f"<TrainedRun: {self._title()}>"

    def _repr_html_(self) -> str:
        table = self.history.to_html(max_rows=SHOWN_EPOCHS, float_format="{:.4g}".format)
        return f"<p>{escape(self._title())}</p>{table}"

    def _title(self) -> str:
        progress = self.recording.progress
        sentence = (
            f"batch size {as_text(self.spec.batch_size)}, {self.status} after {progress.epochs:g} epochs, "
            f"{progress.updates:,} updates, {progress.seconds:.3g} s"
        )
        return f"{sentence}. {self.reason}" if self.reason else sentence


def train(spec: RunSpec | None = None, *, progress: bool | None = None, **settings: Any) -> TrainedRun:
    """Train one run with real Keras and return everything it recorded.

    `settings` are the fields of `RunSpec`, and `epochs`, `updates`, `examples` or `seconds` for the budget:
    `train(batch_size=8, epochs=20)`. What is not said is as in `spec`, or in the source article's experiment.
    `progress` shows a line on standard error; None does so on a terminal. Ctrl-C, or a notebook's interrupt,
    ends the run after the update under way.

    Raises SpecError, before TensorFlow is loaded, for what cannot be trained.
    """
    fields = read_budget(settings)
    spec = RunSpec.parse(fields) if spec is None else spec.replace(**fields)
    on_terminal = sys.stderr.isatty() if progress is None else progress
    line = ProgressLine(spec, sys.stderr) if on_terminal else None
    try:
        from batchviz.training import record  # seconds of TensorFlow, spent on a sound spec only

        with interrupt_as_request() as interrupted:
            return TrainedRun(spec, record(spec, report=line, should_stop=interrupted))
    finally:
        if line is not None:
            line.clear()


def _count(name: str, first: int, last: int) -> pd.RangeIndex:
    return pd.RangeIndex(first, last + 1, name=name)
