"""What the dispatcher does about sweeps: once the runs that choose the rates have ended, those at the chosen rates.

Nothing is remembered here: what is next follows from the sweep and its runs in the database, so that a dispatcher
that comes back, or a database that does, goes on where things stand.
"""

from __future__ import annotations

import logging
import time

import numpy as np

from batchviz.analysis.sweep.rates import chosen_rates
from batchviz.analysis.sweep.runs import SweepRun, sweep_run
from batchviz.errors import StoreError
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series, merged
from batchviz.store import Store, Sweep, SweepState

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
FILL_AFTER_SECONDS = 30.0
"""After which whoever asked for a sweep is taken to have died while its runs were added."""


class Sweeping:
    """Advances the sweeps of a database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked = float("-inf")

    def turn(self, now: float) -> None:
        """Look whether a sweep has come to its next part. Raises StoreError; then nothing was lost."""
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        for sweep in self._store.sweeps.running():
            try:
                self._advance(sweep)
            except StoreError:
                raise
            except Exception as error:  # of one sweep, which must not end what trains everybody's runs
                logger.exception("Sweep %s cannot go on.", sweep.id)
                reason = f"It could not go on ({type(error).__name__}); engine.log has the details."
                self._store.sweeps.finish(sweep.id, SweepState.STOPPED, reason)

    def _advance(self, sweep: Sweep) -> None:
        spec, sweeps = sweep.spec, self._store.sweeps
        selection = len(spec.selection_specs)
        if sweep.added < selection:
            if time.time() - sweep.created > FILL_AFTER_SECONDS:
                sweeps.fill(sweep.id, spec.selection_specs)
            return
        if sweep.ended < sweep.added:
            return
        reported = spec.report_specs(self._chosen(sweep))
        if sweep.added < selection + len(reported) and sweeps.fill(sweep.id, reported):
            logger.info("Sweep %s: %d runs at the chosen rates.", sweep.id, len(reported))
            return
        sweeps.finish(sweep.id)
        logger.info("Sweep %s is done.", sweep.id)

    def _chosen(self, sweep: Sweep) -> dict[BatchSize, float]:
        if not sweep.spec.selects:
            return {}
        last = sweep.spec.selection_seeds[-1]
        runs = [run for run in self._store.sweeps.runs(sweep.id) if run.spec.seed <= last]
        return chosen_rates(sweep.spec, self._values(sweep, runs))

    def _values(self, sweep: Sweep, runs: list[Run]) -> list[SweepRun]:
        """With their whole curves only where a target decides: hundreds take a while to read."""
        if not sweep.spec.targets:
            return [sweep_run(run, _end(run)) for run in runs]
        ids = [run.id for run in runs]
        epochs, measured = (self._store.series.whole(ids, kind) for kind in ("epochs", "measured"))
        return [sweep_run(run, merged(epochs[run.id], measured[run.id])) for run in runs]


def _end(run: Run) -> Series:
    """The last row of its measurements."""
    values = {
        "updates": run.progress.updates,
        "examples": run.progress.examples,
        "val_loss": run.final.get("val_loss", np.nan),
    }
    return {name: np.array([value], np.float32) for name, value in values.items()}
