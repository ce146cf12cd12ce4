"""One widget a field of RunSpec: title and bounds come from the field, its help from `text.hints`, the answer lives in
the session.

Answers are kept under `spec_field(name)`, so that a link can fill them in before the widgets exist. What the link has
locked is disabled, or left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from batchviz.experiment.spec import RunSpec, bounds
from batchviz.text.hints import FIELDS as HELP
from batchviz.ui import locks
from batchviz.ui.session_state import spec_field


def answer(name: str) -> Any:
    """The answer to a field as it stands, not yet validated."""
    return spec_field(name).get()


def choice(
    name: str,
    options: Mapping[str, str],
    on_change: Callable[..., None] | None = None,
    args: Sequence[Any] = (),
) -> None:
    """One of a few named options; an answer that is not among them becomes the first."""
    if locks.hidden(name):
        return
    if answer(name) not in options:
        spec_field(name).set(next(iter(options)))
    field = RunSpec.model_fields[name]
    st.selectbox(
        str(field.title), list(options), key=spec_field(name).name, format_func=options.__getitem__,
        help=HELP[name], on_change=on_change, args=tuple(args), disabled=locks.locked(name),
    )  # fmt: skip


def slider(name: str, title: str, low: float, high: float, step: float, help: str = "") -> None:
    """A slider whose range stretches to hold an answer that a link brought."""
    if locks.hidden(name):
        return
    kind = type(low)
    value = kind(answer(name))
    spec_field(name).set(value)
    st.slider(
        title, min(low, value), max(high, value), step=step, key=spec_field(name).name,
        help=help or HELP[name], disabled=locks.locked(name),
    )  # fmt: skip


def number(name: str, title: str | None = None, high: int | None = None) -> None:
    """A whole number, exactly."""
    if locks.hidden(name):
        return
    field = RunSpec.model_fields[name]
    low, most = bounds(name)
    most = high or int(most or 2**31 - 1)
    spec_field(name).set(min(int(answer(name)), most))
    st.number_input(
        title or str(field.title), min_value=int(low or 0), max_value=most, step=1, key=spec_field(name).name,
        help=HELP[name], disabled=locks.locked(name),
    )  # fmt: skip


def text(name: str, title: str, on_change: Callable[[], None] | None = None) -> None:
    """A list as people type it: `64, 32`."""
    if locks.hidden(name):
        return
    st.text_input(
        title, key=spec_field(name).name, help=HELP[name], max_chars=200,
        on_change=on_change, disabled=locks.locked(name),
    )  # fmt: skip


def row(**parts: Callable[[], None]) -> None:
    """Controls side by side, by name; those that are on the page share its width."""
    drawn = [part for name, part in parts.items() if not locks.hidden(name)]
    columns = st.columns(len(drawn), vertical_alignment="bottom") if drawn else []
    for column, part in zip(columns, drawn, strict=True):
        with column:
            part()
