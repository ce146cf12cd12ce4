"""One claim as a card: the sentence, its test, and the verdict of the last one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz import lessons
from batchviz.claims.claim import Claim
from batchviz.claims.limits import CLAIM_SEEDS, MAX_CLAIM_SEEDS, MIN_CLAIM_SEEDS
from batchviz.claims.registry import claims
from batchviz.claims.statement import Statement
from batchviz.claims.words import expected_time
from batchviz.engine.claim_tests import REPORT, ClaimTest
from batchviz.errors import BatchVizError
from batchviz.links import experiment
from batchviz.text.numbers import count
from batchviz.ui import resources, session
from batchviz.ui.components import buttons, html, notices
from batchviz.ui.url import COMPARE, LESSONS

COMPARED_SEEDS = range(MIN_CLAIM_SEEDS)
LOOK_SECONDS = 1.0
"""Between looks at a test that is under way."""


def draw_cards() -> None:
    """Every claim there is."""
    for claim in claims():
        draw_card(claim)


def draw_card(claim: Claim) -> None:
    """The card of a claim; while it is tested it draws itself anew, and the page at the end."""
    with st.container(key=f"claim_{claim.key}", border=True):
        html.draw("claim_head.html", claim=claim, takes=expected_time(claim))
        waits = resources.claim_tests().waits(claim.key)
        if waits is not None:
            draw_progress(claim.key)
            return
        statements = resources.claim_tests().result(claim.key)
        if failure := resources.claim_tests().failure(claim.key):
            notices.problem(failure)
        if statements:
            html.draw("claim.html", statement=statements[0])
        with st.container(horizontal=True):
            _draw_buttons(claim, statements)


def _draw_buttons(claim: Claim, statements: Sequence[Statement]) -> None:
    label = "Test it again" if statements else "Test it"
    first = statements[0].seeds[0] if statements else 0
    st.button(
        label, key=f"test_{claim.key}", type="secondary" if statements else "primary", on_click=begin,
        args=(ClaimTest(claim.key, first),), help=f"Trains it here with {CLAIM_SEEDS} seeds.",
    )  # fmt: skip
    if statements:
        st.button(
            "Another seed set", key=f"seeds_{claim.key}", on_click=begin,
            args=(ClaimTest(claim.key, (first + CLAIM_SEEDS) % MAX_CLAIM_SEEDS),),
            help="Nothing is settled by seeds alone: the verdict may change.",
        )  # fmt: skip
    if claim.runs(0, claim.data) and buttons.pressed(
        "Open in Compare", key=f"compare_{claim.key}", type="tertiary",
        help=f"Its runs as curves, with {count(len(COMPARED_SEEDS), 'seed')} each; they train now.",
    ):  # fmt: skip
        runs = [spec for seed in COMPARED_SEEDS for spec in claim.runs(seed, claim.data).values()]
        try:
            ids = resources.submit(runs, session.visitor(), network=session.network())
        except BatchVizError as error:
            notices.problem(str(error))
        else:
            buttons.go(COMPARE, experiment.runs_link(ids))
    if claim.lesson in {lesson.slug for lesson in lessons.all()} and buttons.pressed(
        "Its lesson", key=f"lesson_{claim.key}", type="tertiary"
    ):
        buttons.go(LESSONS, {"lesson": claim.lesson})


def begin(test: ClaimTest) -> None:
    """A press: test it."""
    try:
        resources.claim_tests().start(test)
    except BatchVizError as error:
        notices.report(str(error))


@st.fragment(run_every=LOOK_SECONDS)
def draw_progress(key: str) -> None:
    """How far the test of this claim, or of REPORT, is; the whole page once it is over."""
    waits = resources.claim_tests().waits(key)
    if waits is None:
        notices.redraw_page()
    if waits:
        html.paragraph(f"Waits for {count(waits, 'other test')}.", "quiet", role="status")
        return
    share, now = resources.claim_tests().progress()
    text = (
        "TensorFlow is loaded"
        if not now
        else f"Testing: {now}"
        if key == REPORT
        else "Training and measuring"
    )
    st.progress(share, text=f"{text}, {share:.0%}")
