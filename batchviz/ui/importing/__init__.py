"""Import: runs from files, put on the visitor's shelf.

files.py     the files that were uploaded, read once     questions.py   what a history does not say
taking.py    runs into the store                         notice.py      what was imported, and what was not
"""

from __future__ import annotations

import streamlit as st

from batchviz.ui.importing import files, notice, questions, taking

__all__ = ["import_menu", "show_imported"]

show_imported = notice.show


def import_menu(key: str) -> None:
    """A button that opens the dialog. `show_imported` says on the page what came of it."""
    if st.button("Import", key=key, help="Runs from a BatchViz archive, or histories that Keras wrote."):
        files.forget()
        _dialog(key)


@st.dialog("Import runs", width="large")
def _dialog(key: str) -> None:
    ask(key)


def ask(key: str) -> None:
    """What the dialog asks: files, then what they do not say."""
    if notice.waiting():
        st.rerun()  # the dialog closes, the page shows what came of it
    found = files.ask(key)
    if not found:
        return
    for file in found:
        if file.problem:
            notice.problem(file.name, file.problem)
    archives = [file for file in found if file.archive]
    for file in archives:
        st.text(f"{file.name}: a BatchViz archive of {notice.count(file.runs)}.")
    histories = [file for file in found if file.history]
    facts, missing = questions.ask(histories, key) if histories else ({}, "")
    runs = sum(file.runs for file in archives) + len(facts)
    if missing:
        st.text(missing)
    st.button(
        f"Import {notice.count(runs)}" if runs else "Import",
        type="primary",
        key=f"{key}_take",
        disabled=not runs or bool(missing),
        on_click=taking.take,
        args=(archives, facts),
    )
