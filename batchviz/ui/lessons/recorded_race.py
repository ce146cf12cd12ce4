"""A lesson's race as it was recorded: it plays while the engine gets ready, and leaves once the live one has begun."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run
from batchviz.figures.appearance import looks
from batchviz.frontend.assets import addresses, text
from batchviz.frontend.track import Losses, losses
from batchviz.lessons import Lesson, words
from batchviz.recorded.lessons import lesson_race

_component = st.components.v2.component(
    "batchviz_recorded",
    html='<div class="batchviz-recorded" data-testid="recorded"></div>',
    js=text("src/mount.js"),
    isolate_styles=False,
)


def draw_recorded_race(lesson: Lesson) -> None:
    """Play it, said to be recorded; nothing for a lesson of somebody's own."""
    every_update = lesson.layout.every_update
    race = lesson_race(lesson.members, every_update=every_update)
    if race is None:
        return
    runs = Run.planned(lesson.members)
    look = looks(runs)
    lines = [
        Losses(
            look[run.id].label, look[run.id].color, recorded.updates,
            recorded.examples / plan_for(run.spec).training_rows, recorded.values,
        )
        for run, recorded in zip(runs, race.runs, strict=True)
    ]  # fmt: skip
    unit: Literal["epoch", "update"] = (
        "update" if lesson.layout.axis == "updates" or every_update else "epoch"
    )
    payload = losses(lines, unit)
    _component(
        key=f"recorded_{lesson.slug}",
        data={
            "assets": addresses("recorded"),
            "race": payload,
            "heading": words.recorded_heading(lesson),
            "described": words.recorded_ends(
                [
                    (line["label"], [value for value in line["y"] if value is not None][-1])
                    for line in payload["lines"]
                ]
            ),
            "note": f"{race.note} {words.RECORDED}",
        },
    )
