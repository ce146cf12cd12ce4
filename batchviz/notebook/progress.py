"""What a terminal shows of a run: a line of progress while it trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec

if TYPE_CHECKING:
    from batchviz.training import Recording

BAR_WIDTH = 24


class ProgressLine:
    """One line, written over itself at each call; `clear` takes it away."""

    def __init__(self, spec: RunSpec, stream: TextIO) -> None:
        self.spec, self.plan, self.stream = spec, plan_for(spec), stream
        self.width = 0
        self._write("Loading TensorFlow ...")

    def __call__(self, recording: Recording) -> None:
        """Show how far the recording has come."""
        progress, plan = recording.progress, self.plan
        if plan.updates is None:
            fraction = min(1.0, progress.seconds / self.spec.budget)
        else:
            fraction = progress.updates / plan.updates
        filled = round(BAR_WIDTH * fraction)
        bar = "#" * filled + "." * (BAR_WIDTH - filled)
        text = f"[{bar}] {fraction:4.0%}  epoch {progress.epochs:.1f}, {progress.updates:,} updates"
        for name in ("loss", "val_loss"):
            if values := recording.epochs.get(name):
                text += f", {name} {values[-1]:.4g}"
        self._write(text)

    def clear(self) -> None:
        """Leave an empty line behind."""
        self._write("")
        self.stream.write("\r")
        self.stream.flush()

    def _write(self, text: str) -> None:
        self.stream.write("\r" + text.ljust(self.width))
        self.stream.flush()
        self.width = len(text)
