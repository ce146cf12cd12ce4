"""The open sweep's runs and what they say: computed anew when another run has ended, which is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from batchviz.analysis.sweep.findings import SweepFindings, sweep_findings
from batchviz.analysis.sweep.progress import Progress, progress
from batchviz.analysis.sweep.runs import SweepRun, sweep_run
from batchviz.experiment.clock import Clock, ClockPath, clock_key
from batchviz.experiment.records import Run
from batchviz.experiment.series import SERIES
from batchviz.store.sweeps import Sweep
from batchviz.ui import resources
from batchviz.ui.playground import machine
from batchviz.web import series_cache

MAX_SWEEPS_KEPT = 8
"""Whose runs and findings this process keeps."""


@dataclass(frozen=True)
class Fetched:
    """A sweep as it stands."""

    sweep: Sweep
    runs: tuple[Run, ...]
    findings: SweepFindings
    progress: Progress
    ahead: int
    """Runs of another sweep that come before its next one, while none of its own trains."""
    version: str
    """Another one for other findings."""

    @property
    def changing(self) -> bool:
        """Whether the page may be another in a moment."""
        return self.sweep.state == "running"


def fetch(sweep_id: str) -> Fetched:
    """Raises StoreError for a sweep that is not there, and while the store cannot be reached."""
    store = resources.store()
    sweep = store.sweeps.get(sweep_id)
    runs = store.sweeps.runs(sweep_id)
    clocks = machine.for_specs([sweep.spec.base])
    clock = store.clocks.find([clock_key(sweep.spec.base)], ClockPath.LOOP).get(
        clock_key(sweep.spec.base) or ""
    )
    begun = sum(not run.status.final for run in runs)
    ended = hash(frozenset((run.id, run.attempt, run.status) for run in runs if run.status.final))
    version = f"{len(runs)} {begun} {ended} {clock.measured if clock else 0}"
    current = progress(sweep.spec, runs, clocks, sweep.created)
    waits = sweep.state == "running" and not current.training
    return Fetched(
        sweep, tuple(runs), _findings(sweep_id, version, sweep, runs, clock), current,
        store.sweeps.count_ahead(sweep_id) if waits else 0, version,
    )  # fmt: skip


@st.cache_resource(max_entries=2 * MAX_SWEEPS_KEPT, show_spinner=False)
def _findings(
    sweep_id: str, version: str, _sweep: Sweep, _runs: Sequence[Run], _clock: Clock | None
) -> SweepFindings:
    return sweep_findings(_sweep.spec, _read(sweep_id, _runs), _clock)


def _read(sweep_id: str, runs: Sequence[Run]) -> list[SweepRun]:
    """Every run as findings read it; of those that have not ended, that they are there."""
    kept = _kept(sweep_id)
    new = [run for run in runs if run.status.final and (run.id, run.attempt) not in kept]
    series = series_cache.epochs(resources.store(), new) if new else {}
    empty = SERIES["epochs"].empty()
    for run in new:
        kept[run.id, run.attempt] = sweep_run(run, series.get(run.id, empty))
    return [kept.get((run.id, run.attempt)) or sweep_run(run, empty) for run in runs]


@st.cache_resource(max_entries=MAX_SWEEPS_KEPT, show_spinner=False)
def _kept(sweep_id: str) -> dict[tuple[str, int], SweepRun]:
    """By id and attempt, the runs of a sweep that ended: they do not change."""
    return {}
