"""Train and the start of a race are acted on before the page is drawn, with the answers that came with the press."""

import pytest

from batchviz.experiment.spec import RunSpec
from batchviz.ui import resources
from batchviz.ui.playground import header
from batchviz.web.starts import STARTS
from tests.ui.test_pages import chart, opened, queued

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.mark.parametrize(("button", "runs"), [("train", 1), ("race", 5)])
def test_a_press_queues_its_runs_before_anything_is_drawn(
    monkeypatch: pytest.MonkeyPatch, button: str, runs: int
) -> None:
    app = opened()
    found: list[int] = []
    draw = header.draw_header
    monkeypatch.setattr(
        header,
        "draw_header",
        lambda: (found.append(len(resources.store().queue.places())), draw())[1],
    )
    app.session_state["race_seeds"], app.session_state["race_seeds_chosen"] = 1, True
    app.button(key=button).click().run()
    assert not app.exception
    assert found == [runs]


@pytest.mark.parametrize(
    ("key", "value", "size"), [("field_batch_size", 64, 64), ("batch_size_exact", 100, 100)]
)
def test_a_press_that_comes_with_a_change_of_the_form_trains_what_was_changed(
    key: str, value: int, size: int
) -> None:
    app = opened()
    widget = app.select_slider(key=key) if key.startswith("field") else app.number_input(key=key)
    widget.set_value(value)
    app.button(key="train").click().run()  # one message for both
    assert queued(app) == [RunSpec(batch_size=size)]
    assert len(resources.store().queue.places()) == 1


def test_the_chart_can_ask_for_what_a_press_started() -> None:
    app = opened()
    before = chart(app)["starts"]
    app.button(key="train").click().run()
    start = STARTS._last[before["page"]]
    assert start.number == before["number"] + 1 == chart(app)["starts"]["number"]
    assert list(start.runs) == app.session_state["shown"]
