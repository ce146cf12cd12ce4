"""A lesson's runs: queued like any race, drawn by the live chart, and read when they are over."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.records import Run
from batchviz.lessons import Lesson, Measure
from batchviz.lessons.outcome import Recorded
from batchviz.text.numbers import count
from batchviz.ui import resources, session
from batchviz.ui.components import html, notices
from batchviz.ui.components.live_chart import live_chart
from batchviz.ui.lessons import state
from batchviz.web import series_cache
from batchviz.web.clocks import clocks, request_clocks

LOOK_SECONDS = 1.0


def start(lesson: Lesson) -> None:
    """Queue every member's first seed, and behind whatever anybody waits for the others."""
    try:
        run_ids = resources.submit(
            lesson.members, session.visitor(), lesson.further, network=session.network()
        )
        state.save_runs(lesson, run_ids)
        if _timed(lesson):
            request_clocks(resources.store(), _records(run_ids)[:1], ClockPath.LOOP)
    except BatchVizError as error:
        notices.report(str(error))


def read(lesson: Lesson, run_ids: Sequence[str]) -> Recorded:
    """What the runs have recorded. Raises StoreError."""
    store, runs = resources.store(), _records(run_ids)
    over = bool(runs) and all(run.status.final for run in runs)
    measures = {question.measure for question in lesson.questions}
    spread = over and measures & {Measure.SPREAD, Measure.SPREAD_RATIO}
    return Recorded(
        runs,
        series_cache.epochs(store, runs) if over else {},
        series_cache.updates(store, runs) if spread else {},
        clocks(store, runs, ClockPath.LOOP).measured if _timed(lesson) else {},
    )


def waiting(lesson: Lesson, recorded: Recorded) -> str:
    """What is still to come; empty when there is nothing."""
    if not recorded.over:
        over = sum(run.status.final for run in recorded.runs)
        return f"{over} of {count(len(recorded.runs), 'run')} are over. What came of it follows by itself."
    if _timed(lesson) and not recorded.clocks:
        return (
            "The seconds of an update are measured as soon as nothing else trains. They follow by themselves; "
            "go on meanwhile."
        )
    return ""


def draw_chart(lesson: Lesson, run_ids: Sequence[str]) -> None:
    """The chart that every page with curves has."""
    live_chart(run_ids, key=f"lesson_{lesson.slug}", preset=lesson.layout.chart, alone=True)


@st.fragment(run_every=LOOK_SECONDS)
def draw_waiting(lesson: Lesson, run_ids: Sequence[str], over: bool) -> None:
    """Look again and again, and draw the page anew when there is more to draw. `over`: whether the runs were."""
    with notices.store_errors_shown():
        recorded = read(lesson, run_ids)
        sentence = waiting(lesson, recorded)
        if not sentence or recorded.over != over:
            st.rerun()
        html.paragraph(sentence, "quiet", role="status")


def _timed(lesson: Lesson) -> bool:
    return any(question.measure is not None and question.measure.timed for question in lesson.questions)


def _records(run_ids: Sequence[str]) -> list[Run]:
    return list(resources.store().runs.by_id(list(run_ids)).values())
