"""What a teacher adds to a link, asked for in the words of the form."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.limits import MAX_PAGE_TEXT_LENGTH, MAX_PAGE_TITLE_LENGTH
from batchviz.experiment.spec import RunSpec
from batchviz.links.layout import Layout
from batchviz.links.lesson import CONTROLS, LessonLink
from batchviz.links.limits import MAX_SMOOTHING_PER_CENT
from batchviz.text.clock import PATHS

PAGES = {"full": "Everything", "buttons": "Chart and buttons", "chart": "Chart alone"}
AXES = {"epochs": "Epochs", "updates": "Updates", "examples": "Examples", "seconds": "Seconds"}
CLOCKS = {path.value: words for path, words in PATHS.items()}
SCALES = {"linear": "Linear", "log": "Log"}
TRAINING = {"end": "True loss at the epoch's end", "running": "Keras' running mean"}

TITLES = {name: str(field.title) for name, field in RunSpec.model_fields.items()} | {
    "batch_schedule": "Batch-size schedule",
    "seed": "First seed",
    "seeds": "Seeds",
}


def draw_lesson_form(start: LessonLink, seeds: int, *, pages: tuple[str, ...]) -> LessonLink:
    """Title and text, locks, layout; at first those of the link that this page was opened with."""
    title, text = draw_words_form(start.title, start.text)
    frame = LessonLink(title=title, text=text, seeds=seeds)
    return _layout(_locks(frame, start), start.layout, pages)


def draw_words_form(title: str, text: str) -> tuple[str, str]:
    """Title and text; at first these."""
    return (
        st.text_input("Title", title, max_chars=MAX_PAGE_TITLE_LENGTH, key="share_title"),
        st.text_area(
            "Text above the chart", text, max_chars=MAX_PAGE_TEXT_LENGTH, height=90, key="share_text"
        ),
    )


def _locks(frame: LessonLink, start: LessonLink) -> LessonLink:
    some = "Only those I choose"
    kind = st.segmented_control(
        "Controls that stay free", ["All", some], default="All" if start.free is None else some, required=True,
        key="share_lock",
    )  # fmt: skip
    if kind != some:
        return frame
    free = st.multiselect(
        "Free controls", CONTROLS, default=start.free, format_func=TITLES.__getitem__, key="share_free",
        placeholder="None: everything is locked", label_visibility="collapsed",
    )  # fmt: skip
    hide = st.segmented_control(
        "Locked controls", [False, True], format_func={False: "Shown, disabled", True: "Hidden"}.__getitem__,
        default=start.hide, required=True, key="share_hide",
    )  # fmt: skip
    return frame.replace(free=tuple(free), hide=bool(hide))


def _layout(frame: LessonLink, start: Layout, pages: tuple[str, ...]) -> LessonLink:
    page = st.segmented_control(
        "Page", pages, format_func=PAGES.__getitem__, default=start.page if start.page in pages else "full",
        required=True, key="share_page",
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        axis = st.selectbox(
            "X-axis", AXES, index=list(AXES).index(start.axis), format_func=AXES.__getitem__, key="share_axis"
        )
        clock = start.clock
        if axis == "seconds":
            clock = st.selectbox(
                "Seconds of", CLOCKS, index=list(CLOCKS).index(start.clock), format_func=CLOCKS.__getitem__,
                key="share_clock",
            )  # fmt: skip
        every = st.toggle("Every update", start.every_update, key="share_every")
    with right:
        scale = st.selectbox(
            "Y-axis",
            SCALES,
            index=list(SCALES).index(start.scale),
            format_func=SCALES.__getitem__,
            key="share_scale",
        )
    training = st.selectbox(
        "Training curve", TRAINING, index=list(TRAINING).index(start.training), format_func=TRAINING.__getitem__,
        key="share_training",
    )  # fmt: skip
    smoothing = st.slider(
        "Smoothing, per cent", 0, MAX_SMOOTHING_PER_CENT, start.smoothing, 5, key="share_smoothing"
    )
    layout = Layout(str(page), str(axis), str(scale), str(training), bool(every), int(smoothing), str(clock))
    return frame.replace(layout=layout)
