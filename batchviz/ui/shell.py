"""The script Streamlit runs for every visitor: the frame around the pages. To add a page, add a row to PAGES."""

from pathlib import Path

import streamlit as st

PAGES_FOLDER = Path(__file__).parents[2] / "pages"
CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
JAVASCRIPT = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")

PAGES = [
    st.Page(PAGES_FOLDER / "playground.py", title="BatchViz: what batch size does", default=True),
]

st.set_page_config(layout="wide", initial_sidebar_state="auto")
st.html(f"<style>{CSS}</style><script>{JAVASCRIPT}</script>", unsafe_allow_javascript=True)
st.navigation(PAGES, position="hidden" if len(PAGES) == 1 else "sidebar").run()
