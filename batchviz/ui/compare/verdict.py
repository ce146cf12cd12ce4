"""The verdict on any two groups, and what it lacks: further seeds, and values measured at the budget itself."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.analysis.comparison import Comparison
from batchviz.analysis.evidence import Grade
from batchviz.analysis.replicates import Group
from batchviz.analysis.top_up import TopUp
from batchviz.errors import BatchVizError
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.spec import RunSpec
from batchviz.text import hints
from batchviz.text.evidence import MEANING, within
from batchviz.text.names import amount
from batchviz.text.numbers import count
from batchviz.text.verdict import verdict_text
from batchviz.ui import resources, session
from batchviz.ui.compare import state
from batchviz.ui.components import html, notices


def draw_verdict(comparison: Comparison) -> None:
    """Ask which two groups, say what their seeds say, and offer to train what is missing."""
    if len(comparison.groups) < 2:
        return
    html.heading("Verdict", style="section")
    with st.container(key="compare_verdict", border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = _choose("first", comparison.groups, comparison.groups[0])
            second = _choose("second", comparison.groups, comparison.groups[-1])
        verdict = comparison.verdict(first, second)
        html.paragraph(verdict_text(verdict), "verdict", testid="verdict")
        if verdict.evidence is not None and verdict.evidence.grade in (Grade.CLEAR, Grade.LIKELY):
            html.paragraph(MEANING, "quiet")
        with st.container(horizontal=True):
            if verdict.top_up is not None:
                _offer(_name(verdict.top_up), verdict.top_up.specs)
            _offer_exact(comparison)


def _choose(field: str, groups: Sequence[Group], usual: Group) -> Group:
    """One of the groups; the link names it by one of its runs, and not at all while it is the usual one."""
    by_key = {group.key: group for group in groups}
    run_id = getattr(state.view(), field)
    linked = next((g for g in groups if run_id in {run.id for run in g.runs}), usual)
    key = state.view_answer(field)
    if key.get() not in by_key:
        key.set(linked.key)
    chosen = by_key[
        st.selectbox(
            "Is there a difference between" if field == "first" else "and",
            list(by_key),
            key=key.name,
            format_func=lambda group: by_key[group].label,
            width=300,
        )
    ]
    state.set_view(state.view().replace(**{field: "" if chosen is usual else chosen.runs[0].id}))
    return chosen


def _name(more: TopUp) -> str:
    """`Train 7 more seeds of each: 14 runs, about 0.4 s`."""
    runs = count(len(more.specs), "run")
    return f"Train {count(more.more, 'more seed')} of each: {runs}{within(more.seconds)}"


def _offer(name: str, specs: Sequence[RunSpec]) -> None:
    """A button that trains the runs and puts them beside those on the page, as long as a comparison holds them."""
    room = len(state.compared()) + len(specs) <= MAX_RUNS_SHOWN
    reason = None if room else f"A comparison holds at most {MAX_RUNS_SHOWN} runs. Choose fewer first."
    st.button(name, key="train_more", on_click=_train, args=(specs,), disabled=not room, help=reason)


def _offer_exact(comparison: Comparison) -> None:
    """What was not measured at the budget can be had by training to it and no further."""
    if comparison.unit is None or not comparison.exact:
        return
    runs = count(len(comparison.exact), "run")
    st.button(
        f"Train what is missing: exactly {amount(comparison.unit, comparison.budget)}",
        key="train_exact",
        on_click=_measure,
        args=(comparison.exact,),
        help=hints.train_exact(runs),
    )


def _train(specs: Sequence[RunSpec]) -> None:
    """Queue the runs that are missing and put them on the page."""
    if ids := _submitted(specs):
        state.compare_runs([*state.compared(), *ids])


def _measure(specs: Sequence[RunSpec]) -> None:
    """Queue runs of exactly this budget and show them alone: beside longer ones they would only repeat them."""
    if ids := _submitted(specs[:MAX_RUNS_SHOWN]):
        state.compare_runs(ids)


def _submitted(specs: Sequence[RunSpec]) -> list[str]:
    try:
        beside = [run.spec for run in resources.store().runs.by_id(state.compared()).values()]
        return resources.submit(specs, session.visitor(), beside=beside, network=session.network())
    except BatchVizError as error:
        notices.report(str(error))
        return []
