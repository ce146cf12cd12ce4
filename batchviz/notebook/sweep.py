"""`sweep`: every batch size at every learning rate with several seeds, and the SweepResult that it comes to."""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

import pandas as pd

from batchviz.analysis.sweep.caveats import Refused
from batchviz.analysis.sweep.findings import SweepFindings, sweep_findings
from batchviz.analysis.sweep.rates import Bracket, chosen_rates
from batchviz.analysis.sweep.runs import SweepRun, sweep_run
from batchviz.experiment.clock import Clock
from batchviz.experiment.moments import of_a_sweep
from batchviz.experiment.parsing import as_text
from batchviz.experiment.records import Status
from batchviz.experiment.series import merged
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.notebook.interrupt import interrupt_as_request
from batchviz.notebook.run_folder import RunFolder
from batchviz.notebook.sweep_progress import SweepProgress
from batchviz.notebook.sweep_training import Task, Trainer
from batchviz.notebook.swept_run import SweptRun
from batchviz.text.sweep.answer import headline
from batchviz.text.sweep.answer import parts as answer_parts
from batchviz.text.sweep.caveats import caveat_sentences
from batchviz.text.sweep.caveats import sentence as caveat_sentence


class Progress(Protocol):
    """Who is told how far a sweep has come."""

    def begin(self, specs: Sequence[RunSpec]) -> None:
        """These are to be trained next."""

    def ended(self, swept: SweptRun) -> None:
        """One of them ended."""

    def say(self, sentence: str) -> None:
        """Something that whoever waits should know now."""


@dataclass(frozen=True, repr=False)
class SweepResult:
    """A sweep, trained; or as much of it as there was before an interrupt."""

    spec: SweepSpec
    runs: tuple[SweptRun, ...]
    """The selection runs in the sweep's order, then those at the chosen rates."""
    seconds: float
    """From asking to the answer, TensorFlow's loading included."""
    interrupted: bool
    clock: Clock | None = None
    """What an update took on this machine, measured after the runs; None where that was not possible."""

    @functools.cached_property
    def findings(self) -> SweepFindings:
        """What the runs say, as data."""
        return sweep_findings(self.spec, swept_values(self.runs), self.clock)

    @property
    def best(self) -> dict[str, dict[str, Any]]:
        """By batch size as it was asked for: its best `learning_rate`, None without one, and whether it is `bracketed`:
        the rates on both sides of it are worse.
        """
        by_size = {best.batch_size: best for best in self.findings.best_rates}
        best_rates = {as_text(size): by_size[self.spec.examples(size)] for size in self.spec.batch_sizes}
        return {
            size: {"learning_rate": best.learning_rate, "bracketed": best.bracket is Bracket.BRACKETED}
            for size, best in best_rates.items()
        }

    @property
    def sentences(self) -> list[str]:
        """The answer: in short, part by part, and what must be known beside it."""
        findings = self.findings
        answer = [headline(findings), *(f"{title}: {text}" for title, text in answer_parts(findings).items())]
        return [*answer, *caveat_sentences(findings)]

    @property
    def answer(self) -> str:
        """The sentences, one a line."""
        return "\n".join(self.sentences)

    @property
    def table(self) -> pd.DataFrame:
        """A row a cell, over the seeds that choose the rates: mean, least and greatest final validation loss."""
        rows = [
            {
                "batch_size": cell.batch_size,
                "learning_rate": cell.learning_rate,
                "seeds": len(cell.values),
                "diverged": cell.diverged,
                "val_loss": cell.mean,
                "lowest": cell.low,
                "highest": cell.high,
            }
            for cell in self.findings.cells
        ]
        return pd.DataFrame(rows).set_index(["batch_size", "learning_rate"])

    @property
    def run_table(self) -> pd.DataFrame:
        """A row a run: its batch size, rate, seed, status, and the values it ended at."""
        names = ("loss", "train_loss", "val_loss", "val_metric", "updates", "seconds")
        return pd.DataFrame(
            [
                {
                    "batch_size": swept.run.plan.first.batch_size,
                    "learning_rate": swept.run.spec.learning_rate,
                    "seed": swept.run.spec.seed,
                    "status": swept.run.status.value,
                    **{name: swept.run.final.get(name) for name in names},
                }
                for swept in self.runs
            ]
        )

    def __repr__(self) -> str:
        return f"<SweepResult: {self._title()}>"

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{escape(sentence)}</p>" for sentence in [self._title(), *self.sentences])
        return lines + self.table.to_html(float_format="{:.4g}".format)

    def _title(self) -> str:
        ended = sum(swept.run.status.final for swept in self.runs)
        return f"{ended} of {self.spec.count_runs()} runs, {self.seconds:.3g} s"


def sweep(
    spec: SweepSpec | None = None,
    *,
    folder: str | os.PathLike[str] | None = None,
    workers: int = 1,
    progress: Progress | bool | None = None,
    **settings: Any,
) -> SweepResult:
    """Train every batch size at every learning rate with several seeds, choose each size's rate, and answer.

    `settings` are `batch_sizes`, `learning_rates`, `seeds`, `report_seeds`, `targets`, and what `train` takes for all
    that does not vary: `sweep(batch_sizes="1, 8, 32, full", learning_rates=(0.001, 0.01), epochs=5)`.
    `folder` keeps runs: the same call goes on where it was interrupted, and another sweep finds what it shares.
    `workers`: processes that train; with more than one, a script needs `if __name__ == "__main__":`.
    Ctrl-C, or a notebook's interrupt, ends the sweep with what there is.

    Raises SpecError, before TensorFlow is loaded, for what cannot be trained.
    """
    spec = SweepSpec.parse(settings) if spec is None else spec.replace(**settings)
    kept = None if folder is None else RunFolder(folder)
    with ExitStack() as stack:
        should_stop = stack.enter_context(interrupt_as_request())
        on_terminal = sys.stderr.isatty() if progress is None else progress
        display = (
            stack.enter_context(SweepProgress(sys.stderr))
            if on_terminal is True
            else on_terminal or _Silent()
        )
        trainer = stack.enter_context(Trainer(max(1, workers), should_stop))
        return _Sweep(spec, kept, trainer, display, should_stop).train()


def swept_values(runs: Sequence[SweptRun]) -> list[SweepRun]:
    """Runs as the findings read them."""
    return [sweep_run(swept.run, merged(swept.series["epochs"], swept.series["measured"])) for swept in runs]


class _Silent:
    """Tells only what must be known."""

    def begin(self, specs: Sequence[RunSpec]) -> None: ...

    def ended(self, swept: SweptRun) -> None: ...

    def say(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)


class _Sweep:
    """A sweep under way."""

    def __init__(
        self,
        spec: SweepSpec,
        kept: RunFolder | None,
        trainer: Trainer,
        progress: Progress,
        should_stop: Callable[[], bool],
    ) -> None:
        self.spec, self.kept, self.trainer, self.progress = spec, kept, trainer, progress
        self.should_stop = should_stop
        self.runs: list[SweptRun] = []
        # As in the dashboard: each is measured where the others end, so that they can be compared at equal budgets.
        self.measure_at = of_a_sweep(spec)

    def train(self) -> SweepResult:
        """All of it, or what there is when it is interrupted."""
        began = time.monotonic()
        self._train(self.spec.selection_specs)
        if not self.should_stop():
            self._train(self.spec.report_specs(chosen_rates(self.spec, swept_values(self.runs))))
        stopped = self.should_stop() or any(swept.run.status is Status.STOPPED for swept in self.runs)
        clock = None if stopped else self._clock()
        return SweepResult(self.spec, tuple(self.runs), time.monotonic() - began, stopped, clock)

    def _clock(self) -> Clock | None:
        """As the dashboard does: seconds that are compared are updates on a clock, not what runs took together."""
        if not any(swept.run.status is Status.DONE for swept in self.runs):
            return None
        base, kept = self.spec.base, self.kept
        if kept is not None and (clock := kept.find_clock(base, self.trainer.machine)) is not None:
            return clock
        clock = self.trainer.clock(base)
        if kept is not None and clock is not None and clock.steady:
            kept.keep_clock(base, clock)
        return clock

    def _train(self, specs: Sequence[RunSpec]) -> None:
        tasks: list[Task] = [(spec, self.measure_at[spec.batch_size]) for spec in specs]
        done: dict[RunSpec, SweptRun] = {}
        for spec, measure_at in tasks:
            earlier = self.kept.find(spec, measure_at) if self.kept is not None else None
            if earlier is not None:
                done[spec] = earlier
        left = [task for task in tasks if task[0] not in done]
        self.progress.begin([spec for spec, _ in left])
        for swept in self.trainer.train(left):
            if self.kept is not None:
                self.kept.keep(swept)
            done[swept.run.spec] = swept
            self.progress.ended(swept)
            if swept.run.spec == self.spec.pilot:
                self._say_what_targets_are_worth(swept)
        self.runs += [done[spec] for spec in specs if spec in done]

    def _say_what_targets_are_worth(self, pilot: SweptRun) -> None:
        """Who waits for a loss that cannot be reached hears it now, not at the end."""
        findings = sweep_findings(self.spec, swept_values([pilot]))
        for caveat in findings.answer.caveats:
            if isinstance(caveat, Refused):
                self.progress.say(caveat_sentence(caveat, findings))
