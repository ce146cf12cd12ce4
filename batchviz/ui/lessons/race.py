"""A lesson's runs: queued like any race, drawn by the live chart, and read when they are over."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.analysis.budgets import exact_specs
from batchviz.analysis.comparison import compare
from batchviz.analysis.pace import Clocks
from batchviz.errors import BatchVizError
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.records import Run
from batchviz.lessons import Lesson, Measure, Question
from batchviz.lessons.outcome import Recorded
from batchviz.text.numbers import count
from batchviz.ui import resources, session
from batchviz.ui.components import html, notices
from batchviz.ui.components.live_chart import live_chart
from batchviz.ui.lessons import state
from batchviz.web import series_cache
from batchviz.web.clocks import clocks, request_clocks

LOOK_SECONDS = 1.0
EQUAL_SECONDS = Measure.VALIDATION_LOSS_AT_EQUAL_SECONDS


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


def train_equal(lesson: Lesson, recorded: Recorded) -> None:
    """Queue the runs that end after equal seconds, once the clock says how many updates those are."""
    try:
        measured = Clocks(measured=recorded.clocks)
        compared = compare(recorded.runs, recorded.epochs, unit="seconds", clocks=measured)
        specs = exact_specs(compared.groups, "seconds", compared.budget, measured)
        state.save_equal_runs(lesson, resources.submit(specs, session.visitor(), network=session.network()))
    except BatchVizError as error:
        notices.report(str(error))


def read(lesson: Lesson, run_ids: Sequence[str], equal_ids: Sequence[str] = ()) -> Recorded:
    """What the runs have recorded, and those that end after equal seconds. Raises StoreError."""
    store, runs = resources.store(), _records(run_ids)
    over = bool(runs) and all(run.status.final for run in runs)
    measures = {question.measure for question in lesson.questions}
    spread = over and measures & {Measure.SPREAD, Measure.SPREAD_RATIO}
    return Recorded(
        runs,
        series_cache.epochs(store, runs) if over else {},
        series_cache.updates(store, runs) if spread else {},
        clocks(store, runs, ClockPath.LOOP).measured if _timed(lesson) else {},
        _ended(equal_ids),
    )


def _ended(run_ids: Sequence[str]) -> Recorded | None:
    runs = _records(run_ids)
    if not runs or not all(run.status.final for run in runs):
        return None
    return Recorded(runs, series_cache.epochs(resources.store(), runs))


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
    if _asks(lesson, EQUAL_SECONDS) and recorded.equal is None:
        return "Each run is trained once more, for equally many seconds. What came of that follows by itself."
    return ""


def waits_for(question: Question, recorded: Recorded) -> bool:
    """Whether what a question asks is not measured yet."""
    if question.measure is EQUAL_SECONDS:
        return recorded.equal is None
    return bool(question.measure and question.measure.timed and not recorded.clocks)


def draw_chart(lesson: Lesson, run_ids: Sequence[str]) -> None:
    """The chart that every page with curves has."""
    live_chart(run_ids, key=f"lesson_{lesson.slug}", preset=lesson.layout.chart, alone=True)


@st.fragment(run_every=LOOK_SECONDS)
def draw_waiting(lesson: Lesson, run_ids: Sequence[str], equal_ids: Sequence[str], over: bool) -> None:
    """Look again and again, and draw the page anew when there is more to draw. `over`: whether the runs were."""
    with notices.store_errors_shown():
        recorded = read(lesson, run_ids, equal_ids)
        if not equal_ids and recorded.over and recorded.clocks and _asks(lesson, EQUAL_SECONDS):
            train_equal(lesson, recorded)
            notices.redraw_page()
        sentence = waiting(lesson, recorded)
        if not sentence or recorded.over != over:
            notices.redraw_page()
        html.paragraph(sentence, "quiet", role="status")


def _asks(lesson: Lesson, measure: Measure) -> bool:
    return any(question.measure is measure for question in lesson.questions)


def _timed(lesson: Lesson) -> bool:
    return any(question.measure is not None and question.measure.timed for question in lesson.questions)


def _records(run_ids: Sequence[str]) -> list[Run]:
    return list(resources.store().runs.by_id(list(run_ids)).values())
