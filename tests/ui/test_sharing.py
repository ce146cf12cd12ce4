"""The Share dialog: two kinds of link, told apart; what a teacher adds; the frame for another page."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.layout import Layout
from batchviz.links.lesson import LessonLink
from batchviz.ui import resources
from batchviz.ui.components.share.link_box import embed_snippet, only_here, qr_code
from tests.ui.notices import notes

ROOT = Path(__file__).parents[2]


def shared(query: str = "", at: str = "", **answers: Any) -> tuple[AppTest, dict[str, str]]:
    """The dialog with these answers, and the parameters of its link."""
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    if at:
        app.switch_page(at)
    for name, value in parse_qsl(query):
        app.query_params[name] = value
    app.run()
    # Before the dialog opens: the test runner cannot rerun a dialog alone.
    for key, value in answers.items():
        app.session_state[f"share_{key}"] = value
    app.button(key="share").click().run()
    assert not app.exception
    box = next(json.loads(one.proto.json) for one in app.get("bidi_component") if "_box" in one.proto.id)
    return app, dict(parse_qsl(urlsplit(box["link"]).query))


@pytest.fixture
def two_runs(data_dir: Path) -> list[str]:
    return [resources.store().queue.add([RunSpec(seed=seed)], "teacher", "test")[0].id for seed in (1, 2)]


def test_a_link_to_runs_holds_their_ids_and_a_link_to_the_set_up_holds_none(two_runs: list[str]) -> None:
    app, runs = shared(f"v=1&batch_size=8&runs={','.join(two_runs)}")
    assert runs == {"runs": ",".join(two_runs)}
    assert any("these 2 runs" in note for note in notes(app))
    app, set_up = shared(f"v=1&batch_size=8&runs={','.join(two_runs)}", kind="This set-up")
    assert set_up == {"v": "1", "batch_size": "8"}
    assert any("number for number" in note for note in notes(app))


def test_what_a_teacher_chooses_is_in_the_link(data_dir: Path) -> None:
    _, parameters = shared(
        "v=1&seed=4",
        title="Noise",
        text="First.\nSecond.",
        lock="Only those I choose",
        free=["batch_size", "budget"],
        hide=True,
        page="buttons",
        axis="updates",
        scale="log",
        training="running",
        every=True,
        smoothing=50,
    )
    chosen = LessonLink(
        title="Noise",
        text="First.\nSecond.",
        free=("batch_size", "budget"),
        hide=True,
        layout=Layout("buttons", "updates", "log", "running", every_update=True, smoothing=50),
    )
    assert LessonLink.decode(parameters) == chosen
    assert experiment.decode(parameters) == RunSpec(seed=4)


@pytest.mark.parametrize("at", ["", "../../pages/compare.py"])
def test_a_click_in_the_dialog_counts_when_a_run_of_the_whole_page_takes_it_in(
    two_runs: list[str], at: str
) -> None:
    app, _ = shared(f"v=1&runs={','.join(two_runs)}", at)
    app.text_input(key="share_title").set_value("Noise").run()
    box = next(json.loads(one.proto.json) for one in app.get("bidi_component") if "_box" in one.proto.id)
    assert "title=Noise" in box["link"]
    app.switch_page("../../pages/data.py").run()
    app.switch_page(at or "../../pages/playground.py").run()
    assert not [one for one in app.get("bidi_component") if "_box" in one.proto.id], "left, it is closed"


def test_sharing_a_shared_page_keeps_what_its_author_added(two_runs: list[str]) -> None:
    around = "title=Noise&text=Look.&free=batch_size&hide=1&layout=log"
    _, parameters = shared(f"runs={two_runs[0]}&{around}")
    assert parameters == {"runs": two_runs[0], **dict(parse_qsl(around))}


def test_several_seeds_are_shared_with_the_set_up(data_dir: Path) -> None:
    _, parameters = shared("v=1&batch_size=8&seeds=3")
    assert parameters == {"v": "1", "batch_size": "8", "seeds": "3"}


def test_a_comparison_is_shared_under_a_title_and_a_text(two_runs: list[str]) -> None:
    page, runs = "../../pages/compare.py", ",".join(two_runs)
    _, plain = shared(f"v=1&x=updates&runs={runs}", page)
    assert plain == {"v": "1", "x": "updates", "runs": runs}
    _, titled = shared(f"v=1&x=updates&runs={runs}", page, title=" Noise ", text="First.\nSecond.")
    assert titled == plain | {"title": "Noise", "text": "First.\nSecond."}
    _, again = shared(f"v=1&runs={runs}&title=Noise&text=Look.", page)
    assert again == {"v": "1", "runs": runs, "title": "Noise", "text": "Look."}
    _, cleared = shared(f"v=1&runs={runs}&title=Noise&text=Look.", page, title="", text=" ")
    assert cleared == {"v": "1", "runs": runs}


def test_a_budget_in_seconds_promises_no_equal_numbers(data_dir: Path) -> None:
    app, _ = shared("v=1&seconds=2")
    assert any("depends on the machine" in note for note in notes(app))


def test_a_snippet_says_exactly_the_link_and_the_title() -> None:
    address = "https://example.org/lab/?v=1&title=%22%3Cb%3E"
    attributes: dict[str, str | None] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag == "iframe"
            attributes.update(attrs)

    Reader().feed(embed_snippet(address, '"><script>alert(1)</script> & more', 780))
    assert attributes["src"] == f"{address}&embed=true"
    assert attributes["title"] == '"><script>alert(1)</script> & more'
    assert attributes["height"] == "780"
    assert 'src="https://example.org/?embed=true"' in embed_snippet("https://example.org/", "x", 1)


def test_a_code_is_black_on_white_with_a_quiet_zone() -> None:
    code = qr_code("https://example.org/?v=1")
    assert 'fill="#fff"' in code
    assert 'stroke="#000"' in code
    assert 'width="330" height="330"' in code, "25 modules and 4 on each side, 10 pixels each"


def test_a_link_too_long_for_a_code_has_none() -> None:
    assert qr_code("https://example.org/?text=" + "x" * 2900) != ""
    assert qr_code("https://example.org/?text=" + "x" * 3000) == ""


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:8501/", True),
        ("http://127.0.0.1:8501/?v=1", True),
        ("http://[::1]:8501/", True),
        ("http://192.168.1.20:8501/", False),
        ("https://batchviz.example.org/", False),
        ("/?v=1", False),
    ],
)
def test_an_address_of_this_computer_alone_is_told(address: str, here: bool) -> None:
    assert only_here(address) == here
