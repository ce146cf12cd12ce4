"""The script Streamlit runs for every visitor: the frame around the pages. To add a page, add a row to PAGES."""

from pathlib import Path

import streamlit as st

from batchviz.ui import arrival, form
from batchviz.ui.pages import FOLDER as PAGES_FOLDER

STYLES = ("page.css", "compare/compare.css")
CSS = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in STYLES)
JAVASCRIPT = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
EMBEDDED_CSS = '[data-testid="stMainBlockContainer"] { padding: 0.75rem; }'

PAGES = [
    st.Page(PAGES_FOLDER / "playground.py", title="Playground", default=True),
    st.Page(PAGES_FOLDER / "compare.py", title="Compare", url_path="compare"),
    st.Page(PAGES_FOLDER / "runs.py", title="Runs", url_path="runs"),
    st.Page(PAGES_FOLDER / "board.py", title="Boards", url_path="board"),
    st.Page(PAGES_FOLDER / "data.py", title="Data", url_path="data"),
]

st.set_page_config(layout="wide", initial_sidebar_state="auto")
embedded = bool(st.context.is_embedded)
st.html(
    f"<style>{CSS}{EMBEDDED_CSS if embedded else ''}</style><script>{JAVASCRIPT}</script>",
    unsafe_allow_javascript=True,
)
page = st.navigation(PAGES, position="hidden" if embedded else "top")
arrival.note(page.url_path)
form.keep()
page.run()
