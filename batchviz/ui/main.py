"""The script Streamlit runs for every visitor: the frame around the pages. To add a page, add a row to PAGES."""

from contextlib import nullcontext

import streamlit as st

from batchviz.ui import address, session
from batchviz.ui.components import buttons, html, notices, presenter
from batchviz.ui.playground import form
from batchviz.ui.turns import OPENING
from batchviz.ui.url import ADMIN
from batchviz.ui.url import FOLDER as PAGES_FOLDER

STYLES = (
    "css/tokens.css",
    "css/streamlit.css",
    "css/page.css",
    "css/lesson.css",
    "css/claims.css",
    "css/terms.css",
)

# One row, without sections: in the bar these would be menus, and in the sidebar lists that are none to a screen reader.
PAGES = [
    st.Page(PAGES_FOLDER / "playground.py", title="Playground", default=True),
    st.Page(PAGES_FOLDER / "compare.py", title="Compare", url_path="compare"),
    st.Page(PAGES_FOLDER / "sweep.py", title="Sweep", url_path="sweep"),
    st.Page(PAGES_FOLDER / "runs.py", title="Runs", url_path="runs"),
    st.Page(PAGES_FOLDER / "board.py", title="Boards", url_path="board"),
    st.Page(PAGES_FOLDER / "data.py", title="Data", url_path="data"),
    st.Page(PAGES_FOLDER / "lessons.py", title="Lessons", url_path="lessons"),
    st.Page(PAGES_FOLDER / "claims.py", title="Claims", url_path="claims"),
    st.Page(PAGES_FOLDER / "class.py", title="Class", url_path="class"),
    st.Page(ADMIN, title="Administration", url_path="admin", visibility="hidden"),
]

embedded = bool(st.context.is_embedded)
page = st.navigation(PAGES, position="hidden" if embedded else "top")
session.open_page(page.url_path)
buttons.arrive(page.url_path)
with OPENING.taken() if session.first_run() else nullcontext():
    presenting = presenter.read_address()
    st.set_page_config(layout="wide", initial_sidebar_state="collapsed" if presenting else "auto")
    html.shell(
        *STYLES,
        *(("css/embedded.css",) if embedded else ()),
        *(("css/presenter.css",) if presenting else ()),
    )
    if not embedded:
        presenter.draw_switch()
    form.keep_answers()
    with notices.store_errors_shown():
        page.run()
    if not embedded:
        html.draw("words_link.html")
    address.keep_riders()
    buttons.forget()
