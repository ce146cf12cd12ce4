"""The report: all claims tested as one, corrected for their number, and taken away as a page that prints."""

from __future__ import annotations

import streamlit as st

from batchviz.claims.limits import CLAIM_SEEDS, FALSE_VERDICTS, MAX_CLAIM_SEEDS
from batchviz.engine.claim_tests import REPORT, ClaimTest
from batchviz.exporters import claims as files
from batchviz.text.numbers import percent
from batchviz.ui import resources
from batchviz.ui.claims.card import begin, draw_progress
from batchviz.ui.components import html, notices


def draw_report() -> None:
    """Its button, its progress, or its verdicts in one line each."""
    tests = resources.claim_tests()
    if tests.waits(REPORT) is not None:
        draw_progress(REPORT)
        return
    if failure := tests.failure(REPORT):
        notices.problem(failure)
    statements = tests.result(REPORT)
    first = (statements[0].seeds[0] + CLAIM_SEEDS) % MAX_CLAIM_SEEDS if statements else 0
    with st.container(horizontal=True):
        st.button(
            "Another seed set for all" if statements else "Test all claims", key="test_all", on_click=begin,
            args=(ClaimTest(REPORT, first),),
            help="Takes some minutes. The chance that any verdict of the report is false is at most "
            f"{percent(FALSE_VERDICTS)}.",
        )  # fmt: skip
        if statements:
            st.download_button(
                "The report as a page", lambda: files.page(statements), "batchviz-claims.html", "text/html",
                key="claims_file", on_click="ignore", help="All verdicts with their evidence, as one HTML file.",
            )  # fmt: skip
    if statements:
        seeds = statements[0].seeds
        lines = [f"{each.claim} {each.sentence}" for each in statements]
        html.sentences(f"The last report, seeds {seeds[0]} to {seeds[-1]}", lines)
