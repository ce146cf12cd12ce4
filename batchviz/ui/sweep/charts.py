"""All figures but the heat map, each under the finding that was computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.figures.figure import PlotlyFigure
from batchviz.figures.sweep import cost, curves, outcomes
from batchviz.figures.sweep.to_target import to_target
from batchviz.links import experiment
from batchviz.text.numbers import number
from batchviz.text.sweep import figures as words
from batchviz.text.sweep.sizes import loss_name
from batchviz.ui.components import html
from batchviz.ui.components.figure_chart import chart
from batchviz.ui.session_state import SWEEP_TARGET
from batchviz.ui.sweep.answer import draw_times
from batchviz.ui.sweep.data import Fetched
from batchviz.ui.sweep.elsewhere import draw_elsewhere


def behind(run_ids: Sequence[str]) -> str:
    """The address in which Compare opens runs, relative to the app's."""
    return f"compare?{urlencode(experiment.runs_link(run_ids[:MAX_RUNS_SHOWN]), safe=',')}" if run_ids else ""


def draw_charts(fetched: Fetched) -> None:
    """What there is to draw so far, the gravest first."""
    findings = fetched.findings
    loss = loss_name(findings)
    _chart(fetched, "curves", curves.curves(findings), words.curves(findings), f"{loss} over epochs")
    _to_target(fetched)
    equal = " ".join(
        words.equal(outcome, findings)
        for outcome in (findings.equal_examples, findings.equal_updates)
        if outcome
    )
    if equal:
        _chart(
            fetched,
            "equal",
            outcomes.equal(findings, behind),
            equal,
            f"{loss} over batch size at equal budgets",
        )
    if findings.cost is not None:
        _chart(
            fetched, "cost", cost.cost(findings), words.cost(findings), "seconds an update, and throughput"
        )
    columns = st.columns(3)
    small = (
        ("memory", cost.memory(findings), words.memory(findings), "memory in MB"),
        ("gap", outcomes.gap(findings, behind), words.gap(findings), "generalisation gap"),
        ("stable", outcomes.stable(findings), words.stable(findings), "largest stable learning rate"),
    )
    for column, (name, drawn, finding, what) in zip(columns, small, strict=True):
        with column:
            _chart(fetched, name, drawn, finding, f"{what} over batch size")


def _to_target(fetched: Fetched) -> None:
    """Updates, examples and seconds to one of the targets, and the law."""
    findings = fetched.findings
    if not findings.to_target:
        return
    targets = [places[0].target for places in findings.to_target if places]
    if not targets:
        return
    if SWEEP_TARGET.get() not in targets:
        SWEEP_TARGET.set(_telling(fetched))
    chosen = SWEEP_TARGET.get() or targets[-1]
    with st.container(key="sweep_target_choice", horizontal=True, vertical_alignment="center"):
        html.heading(f"To a {loss_name(findings)} of", style="section")
        if len(targets) > 1:
            st.segmented_control(
                "Target", targets, key=SWEEP_TARGET.name, required=True, format_func=number,
                label_visibility="collapsed",
            )  # fmt: skip
    draw_times(fetched)
    there = draw_elsewhere(fetched)
    which = targets.index(chosen)
    _chart(
        fetched, "target", to_target(findings, which, behind, there), words.steps_to_target(findings, which),
        "updates, examples and seconds to the target over batch size, logarithmic",
        note=f"{words.law(findings.laws[which], findings)} {_residuals(fetched, which)}",
    )  # fmt: skip


def _telling(fetched: Fetched) -> float:
    """The hardest target that most batch sizes reached."""
    reached = [
        (sum(place.updates is not None for place in places), i)
        for i, places in enumerate(fetched.findings.to_target)
    ]
    best = max(reached)[1]
    return fetched.findings.to_target[best][0].target


def _residuals(fetched: Fetched, which: int) -> str:
    law = fetched.findings.laws[which].hyperbola
    if law is None:
        return ""
    residuals = ", ".join(f"B = {size}: {100 * off:+.0f} %" for size, off in law.residuals.items())
    return f"Off the law: {residuals}."


def _chart(fetched: Fetched, name: str, drawn: PlotlyFigure, finding: str, what: str, note: str = "") -> None:
    if not drawn["data"]:
        return  # nothing to see yet
    chart(
        drawn,
        key=f"sweep_chart_{name}",
        title=finding,
        alt=f"{finding} Drawn: {what}.",
        note=note,
        file_name=f"batchviz-sweep-{fetched.sweep.id}-{name}",
        csv=True,
    )
