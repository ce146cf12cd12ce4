"""Administration: load, queue, visitors, storage. For who holds the token alone; no menu leads here."""

import streamlit as st

from batchviz.ui.admin import overview, token
from batchviz.ui.components import html, notices


def draw() -> None:
    """What the administrator sees."""
    if problem := notices.take_report():
        notices.problem(problem)
    notices.draw_mentioned()
    overview.draw_load()
    overview.draw_queue()
    overview.draw_visitors()
    overview.draw_retention()


with st.container(key="head"):
    html.page_name("Administration", "")
if token.admitted():
    with notices.store_errors_shown():
        draw()
elif not token.offered():
    notices.information(
        "This installation has no administrator. Whoever runs the server sets BATCHVIZ_ADMIN_TOKEN to have one."
    )
token.draw_token_form()
