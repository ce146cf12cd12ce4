"""One question as widgets that need no mouse: an order is a place for each option, equal places are a tie."""

from __future__ import annotations

import streamlit as st

from batchviz.lessons import CANNOT_TELL, Answer, Question, Sure, words
from batchviz.ui.components import buttons, html
from batchviz.ui.session_state import Key

PLACES = ("1st", "2nd", "3rd", "4th", "5th", "6th")


def draw_question(
    question: Question, key: str, *, ask_sure: bool = False, button: str = "Answer"
) -> Answer | None:
    """Ask; returns the answer in the run of the script in which it is given. `key` is of this place alone."""
    with st.container(key=f"question_{key}"):
        draw = {"order": _order, "pick": _pick, "place": _place}[question.kind]
        value = draw(question, key)
        sure: Sure | None = Sure.GUESS
        if ask_sure and value is not None and value != CANNOT_TELL:
            sure = st.radio(
                words.HOW_SURE, list(Sure), index=None, format_func=words.SURE.__getitem__, horizontal=True,
                key=f"{key}_sure",
            )  # fmt: skip
        whole = value is not None and sure is not None
        pressed = buttons.pressed(button, f"{key}_answer", type="primary", disabled=not whole)
    return Answer(value=value, sure=sure) if pressed and value is not None and sure is not None else None


def plain(text: str) -> str:
    """Text as a label, in which Markdown makes no link and no picture: anybody may have written a lesson.

    Nothing else is escaped, because screen readers read a label as it is written.
    """
    return text.replace("[", "\\[")


def _pick(question: Question, key: str) -> str | None:
    names = {option.key: plain(option.text) for option in question.options}
    if question.cannot_tell:
        names[CANNOT_TELL] = words.CANNOT_TELL
    html.paragraph(question.text, "question")  # in which terms open their cards, as in no label
    return st.radio(
        plain(question.text), list(names), index=None, format_func=names.__getitem__, key=key,
        label_visibility="collapsed",
    )  # fmt: skip


def _order(question: Question, key: str) -> tuple[tuple[str, ...], ...] | str | None:
    html.paragraph(question.text, "question")
    cannot = Key(f"{key}_cannot", False)
    places = range(len(question.options))
    chosen: dict[str, int | None] = {}
    with st.container(key=f"{key}_places", horizontal=True):
        for option in question.options:
            chosen[option.key] = st.selectbox(
                plain(option.text), places, index=None, format_func=PLACES.__getitem__, key=f"{key}_{option.key}",
                placeholder="Place", width=140, disabled=question.cannot_tell and cannot.get(),
            )  # fmt: skip
    html.note(words.ALIKE)
    if question.cannot_tell and st.checkbox(words.CANNOT_TELL, key=cannot.name):
        return CANNOT_TELL
    if None in chosen.values():
        return None
    groups = [tuple(name for name, place in chosen.items() if place == number) for number in places]
    return tuple(group for group in groups if group)


def _place(question: Question, key: str) -> float | str | None:
    unit = f" ({question.unit})" if question.unit and question.unit not in question.text else ""
    cannot = Key(f"{key}_cannot", False)
    html.paragraph(f"{question.text}{unit}", "question")
    value = st.number_input(
        plain(f"{question.text}{unit}"), min_value=question.low, max_value=question.high, value=None, key=key,
        label_visibility="collapsed", format="%g", placeholder=f"{question.low:g} to {question.high:g}", width=420,
        disabled=question.cannot_tell and cannot.get(),
    )  # fmt: skip
    if question.cannot_tell and st.checkbox(words.CANNOT_TELL, key=cannot.name):
        return CANNOT_TELL
    return None if value is None else float(value)
