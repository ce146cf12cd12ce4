"""From a file to a data set: what is asked on the left, what follows from it on the right."""

from __future__ import annotations

import streamlit as st

from batchviz.errors import DataError
from batchviz.imports.table import Prepared, Table, TooManyRows, prepare
from batchviz.ui import notices
from batchviz.ui.data import choices, shelf, table, upload, words


def ask(name: str, data: bytes) -> None:
    """Ask what to make of the file, show what that gives, and save it when told to."""
    questions, answers = st.columns([1, 2.4], gap="large")
    is_text = not data.startswith(b"PAR1")
    try:
        found = upload.table(data, choices.reading())
    except DataError as error:
        with answers:
            notices.problem(str(error))
        with questions:
            choices.ask_sample(error.rows if isinstance(error, TooManyRows) else 0)
            choices.ask_reading(is_text, opened=not isinstance(error, TooManyRows))
        return
    with questions:
        wanted, prepared, problem = _decided(found)
        choices.ask_sample(found.total)
        choices.ask_reading(is_text)
        title = st.text_input("Name", value=name[:80], max_chars=80, key="data_name")
        if st.button("Save", type="primary", disabled=prepared is None, key="save") and prepared:
            shelf.save(title, prepared)
            st.rerun()
    with answers:
        if problem:
            notices.problem(problem)
        table.show_rows(found)
        table.show_columns(found, wanted)
        if prepared:
            table.show_explanation(prepared)
        else:
            words.sentences("How the file was read", found.notes)


def _decided(found: Table) -> tuple[choices.Wanted, Prepared | None, str]:
    """The answers, what they give, or why they give nothing."""
    wanted = choices.Wanted(choices.ask_target(found))
    try:
        wanted = choices.ask(found, wanted.target)
        return wanted, prepare(found, wanted.target, wanted.task, wanted.leave_out), ""
    except DataError as error:
        return wanted, None, str(error)
