"""From a file to a data set: what is asked on the left, what follows from it on the right."""

from __future__ import annotations

import streamlit as st

from batchviz.errors import DataError
from batchviz.experiment.table_findings import NoHeadings
from batchviz.importers.table import Prepared, Table, TooManyRows, prepare
from batchviz.text.table import sentences as words
from batchviz.ui.components import buttons, html, notices
from batchviz.ui.data import dataset_list, options, preview, upload
from batchviz.ui.session_state import DATASET_NAME


def draw_new_dataset(name: str, data: bytes) -> None:
    """Ask what to make of the file, show what that gives, and save it when told to."""
    left, right = st.columns([1, 2.4], gap="large")
    is_text = not data.startswith(b"PAR1")
    try:
        table = upload.read_table(data, options.reading())
    except DataError as error:
        with right:
            notices.problem(str(error))
        with left:
            options.choose_sample(error.rows if isinstance(error, TooManyRows) else 0)
            options.draw_reading_form(is_text, opened=not isinstance(error, TooManyRows))
        return
    with left:
        options.choose_ways(table)
        answers, prepared, problem = _prepared(table)
        options.choose_sample(table.total)
        # Without names in the file it is worth a look whether its first line holds them after all.
        options.draw_reading_form(is_text, opened=NoHeadings() in table.notes)
        title = st.text_input("Name", value=name[:80], max_chars=80, key=DATASET_NAME.name)
        if buttons.pressed("Save", type="primary", disabled=prepared is None, key="save") and prepared:
            dataset_list.save_dataset(title, prepared)
            st.rerun()
    with right:
        if problem:
            notices.problem(problem)
        preview.draw_rows(table)
        preview.draw_columns(table, answers)
        if prepared:
            preview.draw_explanation(prepared)
        else:
            html.sentences("How the file was read", words(table.notes))


def _prepared(table: Table) -> tuple[options.DatasetOptions, Prepared | None, str]:
    """The answers, what they give, or why they give nothing."""
    answers = options.DatasetOptions(options.choose_target(table))
    try:
        answers = options.choose_task_and_inputs(table, answers.target)
        return answers, prepare(table, answers.target, answers.task, answers.leave_out, answers.order), ""
    except DataError as error:
        return answers, None, str(error)
