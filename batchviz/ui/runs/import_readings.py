"""How each history was read, and what it leaves open to be read in another way."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from batchviz.experiment.history_findings import Choice, Open
from batchviz.importers.history import Reading
from batchviz.text import hints
from batchviz.text import history as text
from batchviz.ui.runs.import_files import File, read_anew


def draw_readings(files: Sequence[File], key: str) -> list[File]:
    """A sentence for whatever had to be understood; the files, read as the visitor chooses."""
    return [_draw(file, f"{key}_reading_{file.id}") for file in files]


def _draw(file: File, key: str) -> File:
    if file.history is None or not (file.history.findings or file.history.choices):
        return file
    with st.container(key=key, border=True):
        reading, questions = st.container(), st.container(horizontal=True)
        chosen = {choice.choice: _choose(questions, choice, key) for choice in file.history.choices}
        if any(chosen[choice.choice] != choice.taken for choice in file.history.choices):
            file = read_anew(file, Reading.from_choices(chosen))
        reading.text(file.name[:200])
        if file.history is not None:
            for finding in file.history.findings:
                reading.text(text.sentence(finding))
    return file


def _choose(place: DeltaGenerator, choice: Open, key: str) -> str:
    answer: str = place.selectbox(
        text.QUESTIONS[choice.choice],
        (choice.taken, *choice.others),
        format_func=lambda value: text.option(Choice(choice.choice), value),
        key=f"{key}_{choice.choice}",
        help=hints.READINGS,
    )
    return answer
