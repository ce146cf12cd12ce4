"""What the Playground does with a visitor's wishes: train, race, stop, remove; and which runs are on the page."""

from __future__ import annotations

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import BatchSize, RunSpec
from batchviz.ui import locks, resources, session, url
from batchviz.ui.components import notices
from batchviz.ui.playground import batch_size, form
from batchviz.ui.session_state import RACE_MENU, RACE_SIZES, REFUSED_STOPS, SHOWN_RUNS
from batchviz.web.clocks import ask


def open_address() -> None:
    """On coming to the page: fill the form and the chart from its address; without one they are as they were left."""
    if SHOWN_RUNS.is_set and not (session.first_run() and st.query_params):
        return
    spec, runs, frame, error = url.read()
    SHOWN_RUNS.set(runs)
    if error:
        notices.report(error)
    if spec is None and runs and (recorded := resources.store().runs.by_id(runs[-1:])):
        # A link to runs alone: the form shows what made the last of them.
        spec = next(iter(recorded.values())).spec
    locks.remember(frame, spec or RunSpec())
    if spec is not None:
        form.fill_in(spec)


def shown_runs() -> list[str]:
    """The ids of the runs on the page, oldest first."""
    return list(SHOWN_RUNS.get())


def own_runs() -> list[str]:
    """Those of them that this visitor started, who alone may stop them. Raises StoreError."""
    return [
        run.id
        for run in resources.store().runs.by_id(shown_runs()).values()
        if run.owner == session.visitor()
    ]


def refused_stops() -> list[str]:
    """The runs that this tab asked to stop in vain, in the order in which it was told so."""
    return list(REFUSED_STOPS.get())


def train(specs: list[RunSpec]) -> None:
    """Queue the specs and put them on the page, after the runs that are there."""
    try:
        submitted = resources.submit(specs, session.visitor())
        SHOWN_RUNS.set(_together(shown_runs(), submitted, specs[0]))
    except BatchVizError as error:
        notices.report(str(error))


def choose_race_sizes() -> list[BatchSize]:
    """The batch sizes of a race."""
    offered = batch_size.offered()
    RACE_SIZES.set([size for size in RACE_SIZES.get() if size in offered])
    return list(st.pills("Batch sizes", offered, selection_mode="multi", key=RACE_SIZES.name))


def close_race() -> None:
    """Close the race's menu, which would cover the chart."""
    RACE_MENU.set(False)


def race(answers: form.FormState, sizes: list[BatchSize]) -> None:
    """Train the form's spec at several batch sizes: same start, same data, same budget."""
    if answers.spec is None or not sizes:
        return
    try:
        sized = [
            answers.spec.replace(batch_size=size, batch_schedule=batch_size.schedule_from(size))
            for size in sizes
        ]
        specs = [seeded for spec in sized for seeded in answers.replicates(spec)]
    except BatchVizError as error:
        notices.report(str(error))
        return
    train(specs)


def stop(run_id: str) -> None:
    """Stop one run, if it is this visitor's."""
    try:
        resources.store().queue.request_stop(run_id, session.visitor())
    except BatchVizError as error:
        notices.report(str(error))
        REFUSED_STOPS.set([*refused_stops(), run_id])


def measure(path: str) -> None:
    """Have the clocks measured that the runs on the page lack, of one path."""
    try:
        runs = list(resources.store().runs.by_id(shown_runs()).values())
        ask(resources.store(), runs, ClockPath(path))
    except (BatchVizError, ValueError) as error:  # a page of another release may know other paths
        notices.report(str(error))


def stop_all() -> None:
    """Stop everything of this visitor's that is on the page and not over."""
    try:
        runs = resources.store().runs.by_id(shown_runs())
    except BatchVizError as error:
        notices.report(str(error))
        return
    own = [run.id for run in runs.values() if not run.status.final and run.owner == session.visitor()]
    for run_id in own:
        stop(run_id)
    if not own:
        st.toast("Nothing of yours is training.")


def remove(run_id: str) -> None:
    """Take a run off the page. It stays in the store: its link still opens it."""
    SHOWN_RUNS.set([shown_id for shown_id in shown_runs() if shown_id != run_id])


def _together(before: list[str], submitted: list[str], spec: RunSpec) -> list[str]:
    """Runs measured in another loss cannot share an axis: they leave the page, not the store."""
    runs = resources.store().runs.by_id(before)
    loss = plan_for(spec).loss_name
    kept = [run_id for run_id in before if run_id not in runs or runs[run_id].plan.loss_name == loss]
    if len(kept) < len(before):
        st.toast(f"Runs measured in something other than {loss} were set aside.")
    if all(run_id in kept for run_id in submitted):
        st.toast("Already trained with exactly this set-up: these are its curves.")
    return list(dict.fromkeys([*kept, *submitted]))[-MAX_RUNS_SHOWN:]
