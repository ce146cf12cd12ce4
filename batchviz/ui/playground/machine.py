"""What is known of the machine that trains."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from batchviz.analysis.pace import network
from batchviz.analysis.race import Machine, beside
from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.environment import fingerprint
from batchviz.experiment.spec import RunSpec
from batchviz.ui import resources

OVERHEAD_SECONDS = 5.0
"""How long what runs take beside their updates is kept before it is read again."""

OVERHEAD_RUNS = 30
"""From which that is read: the last ones."""


def for_specs(specs: Iterable[RunSpec]) -> Machine:
    """The clocks of these networks, and how runs follow each other here. Raises StoreError."""
    networks = {clock_key(spec) for spec in specs}
    clocks = resources.store().clocks.find(networks, ClockPath.LOOP)
    return Machine(clocks, _overhead(), resources.settings().workers)


@st.cache_resource(ttl=OVERHEAD_SECONDS, show_spinner=False)
def _overhead() -> float:
    store = resources.store()
    runs = store.runs.last_done(fingerprint(), OVERHEAD_RUNS)
    return beside(runs, store.clocks.find({network(run) for run in runs}, ClockPath.LOOP))
