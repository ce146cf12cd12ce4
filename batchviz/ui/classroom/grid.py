"""The class is the sweep: each member trains a point, one chart collects them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.experiment.class_grid import USUAL_SIZES, ClassGrid
from batchviz.experiment.classroom import Point
from batchviz.experiment.limits import MAX_CLASS_SIZES
from batchviz.experiment.spec import BatchSize
from batchviz.text import classroom as words
from batchviz.ui import resources, session
from batchviz.ui.classroom import state
from batchviz.ui.classroom.collected import collect
from batchviz.ui.classroom.state import Opened
from batchviz.ui.components import html, notices
from batchviz.ui.components.figure_chart import chart
from batchviz.ui.components.live_chart import live_chart
from batchviz.ui.session_state import CLASS_SIZES

OFFERED: tuple[BatchSize, ...] = (1, 2, 4, 8, 16, 32, 64, 128, 256, "full")


def draw_begin(opened: Opened) -> None:
    """For the teacher: which sizes the class trains."""
    with st.expander(words.GRID, key="class_grid_form"):
        st.markdown(words.GRID_TEXT)
        if not CLASS_SIZES.get():
            CLASS_SIZES.set(_usual(opened))
        sizes = st.pills("Batch sizes", OFFERED, selection_mode="multi", key=CLASS_SIZES.name)
        html.note(words.grid_needs(len(sizes)))
        st.button(
            "Let the class train", key="class_grid", disabled=not 2 <= len(sizes) <= MAX_CLASS_SIZES,
            on_click=state.act, args=(_begin, opened),
        )  # fmt: skip


def _usual(opened: Opened) -> list[Any]:
    sizes = list(dict.fromkeys(spec.batch_size for spec in opened.lesson.members))
    usual = sizes if 2 <= len(sizes) <= MAX_CLASS_SIZES and set(sizes) <= set(OFFERED) else USUAL_SIZES
    return [size for size in OFFERED if size in usual]


def _begin(opened: Opened) -> None:
    sizes = tuple(size for size in OFFERED if size in CLASS_SIZES.get())
    grid = ClassGrid(base=opened.lesson.base, batch_sizes=sizes)
    resources.check([grid.spec(place) for place in range(len(sizes))], session.visitor())
    resources.store().class_points.begin(opened.code, opened.secret, grid.model_dump_json())


def draw_grid(opened: Opened) -> None:
    """What the class has trained, and, for a member, the button that trains the next point. Raises StoreError."""
    html.heading(words.GRID, style="section")
    store, code = resources.store(), opened.code
    grid, points = ClassGrid.read(opened.classroom.sweep), store.class_points.points(code)
    collected = collect(opened.classroom, grid, points)
    member = store.class_answers.member(code, session.visitor())
    as_member = member is not None and not opened.secret and not opened.screen
    own = [point for point in points if as_member and member is not None and point.member == member.id]
    if as_member and opened.classroom.open:
        _draw_turn(opened, grid, own)
    html.paragraph(collected.headline, "question", testid="class-verdict")
    chart(
        collected.figure, key="class_points", title=words.grid_title(collected.here, collected.elsewhere),
        alt=collected.alt, note=words.grid_note(collected.elsewhere), file_name=f"batchviz-class-{code}", csv=True,
    )  # fmt: skip
    if as_member or opened.secret:
        _draw_notebook(opened, grid)


def _draw_turn(opened: Opened, grid: ClassGrid, own: list[Point]) -> None:
    """One's own points, live, and the next one."""
    if own:
        last = grid.spec(own[-1].number)
        html.paragraph(words.your_point(last), "question", testid="class-point")
        live_chart([point.run for point in own], key=f"class_own_{opened.code}", alone=True)
    st.button(
        "Train another" if own else "Train my point", key="class_train", type="secondary" if own else "primary",
        on_click=_train, args=(opened, grid),
    )  # fmt: skip


def _train(opened: Opened, grid: ClassGrid) -> None:
    """Take the next point and queue its run; where that is refused, the next member gets the point."""
    points = resources.store().class_points
    try:
        number = points.take(opened.code, session.visitor())
        try:
            [run_id] = resources.submit(
                [grid.spec(number)], session.visitor(), beside=grid.beside(number), network=session.network()
            )
            points.fill(opened.code, number, run_id)
        except BatchVizError:
            points.give_back(opened.code, number)
            raise
    except BatchVizError as error:
        notices.report(str(error))


def _draw_notebook(opened: Opened, grid: ClassGrid) -> None:
    """How plain Keras sends to this class."""
    with st.expander(words.NOTEBOOK, key="class_notebook"):
        st.markdown(words.NOTEBOOK_TEXT)
        st.code(
            words.snippet(state.link(opened.code), state.sender(), grid.batch_sizes[0]), language="python"
        )
