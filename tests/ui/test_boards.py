"""Boards: saved from a comparison, read by anybody as they were saved, changed by their author alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.errors import StoreError
from batchviz.experiment.library import Board
from batchviz.experiment.spec import RunSpec
from batchviz.links.comparison import View
from batchviz.ui import resources
from batchviz.ui.boards.frame import missing_runs
from tests.ui.notices import problems
from tests.ui.test_compare import curves, html, race

ROOT = Path(__file__).parents[2]
HOSTILE = "<script>hurt()</script> **bold** $x^2$"
AUTHOR = "author-of-the-board"

pytestmark = pytest.mark.usefixtures("data_dir")


def page(visitor: str = "", **query: str) -> AppTest:
    """The board page for this visitor; one without a cookie is named by the session."""
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=60)
    if visitor:
        app.session_state["visitor"] = visitor
    app.switch_page("../../pages/board.py")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def board() -> Board:
    store = resources.store()
    runs = [store.queue.add([RunSpec(batch_size=size)], AUTHOR, "test")[0].id for size in (8, 32, 128)]
    store.library.annotate(AUTHOR, runs[0], name="The small one")
    return store.boards.save(
        AUTHOR,
        name="Noise",
        text="Look at the\nvalidation curve.",
        runs=runs,
        names={runs[0]: "The small one"},
        view=View(x="updates", measure="train_loss").encode(),
    )


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def test_a_reader_sees_the_board_as_it_was_saved_and_cannot_change_it(board: Board) -> None:
    app = page(id=board.id)
    drawn = " ".join(str(one.proto.body) for one in app.get("html"))
    assert ">Noise</h1>" in drawn
    assert "Look at the\nvalidation curve." in drawn
    assert app.session_state["board_compared"] == list(board.runs)
    assert app.session_state["board_view"] == View(x="updates", measure="train_loss")
    assert not {"board_rename", "board_delete", "board_update"} & keys(app)
    assert dict(app.query_params) == {"id": board.id}


def test_seeds_are_one_row_and_one_curve_of_a_board_with_its_range_and_verdict() -> None:
    runs = [run.id for run in race(8, 64, seeds=3, owner=AUTHOR)]
    saved = resources.store().boards.save(AUTHOR, name="Seeds", text="", runs=runs, names={}, view={"v": "1"})
    app = page(id=saved.id)
    rows = app.dataframe[0].value
    assert rows["Group"].tolist() == ["B = 8", "B = 64"]
    assert rows["Seeds"].tolist() == ["3", "3"]
    assert all(" to " in text for text in rows["Over seeds"])
    assert curves(app) == ["B = 8", "B = 64"]
    assert "(3 of 3 seeds)" in html(app, "verdict")


def test_a_reader_draws_it_differently_and_goes_back(board: Board) -> None:
    app = page(id=board.id)
    app.selectbox(key="board_view_measure").set_value("val_loss").run()
    assert app.query_params["x"] == "updates"
    assert "board_update" not in keys(app)
    assert resources.store().boards.get(board.id).view == board.view
    again = page(**dict(app.query_params))
    assert again.session_state["board_view"] == View(x="updates")
    again.button(key="board_reset").click().run()
    assert dict(again.query_params) == {"id": board.id}


def test_the_author_keeps_another_view(board: Board) -> None:
    app = page(AUTHOR, id=board.id, v="1", x="seconds")
    app.button(key="board_update").click().run()
    assert View.decode(resources.store().boards.get(board.id).view) == View(x="seconds")
    assert resources.store().boards.get(board.id).names == board.names
    assert "board_reset" not in keys(app)


def test_the_author_deletes_it_and_brings_it_back(board: Board) -> None:
    app = page(AUTHOR, id=board.id)
    app.button(key="board_delete").click().run()
    with pytest.raises(StoreError):
        resources.store().boards.get(board.id)
    app.button(key="board_deleted_undo").click().run()
    assert resources.store().boards.get(board.id) == board
    assert dict(app.query_params) == {"id": board.id}


def test_runs_that_were_deleted_are_counted(board: Board) -> None:
    resources.store().deletion.delete(AUTHOR, board.runs[:1])
    assert [info.value for info in page(id=board.id).info] == [missing_runs(1, 3)]
    resources.store().deletion.delete(AUTHOR, board.runs)
    assert "nothing left to compare" in page(id=board.id).info[0].value


def test_the_count_is_a_sentence() -> None:
    assert missing_runs(1, 3) == "1 of 3 runs was deleted by its author. The comparison is of the others."
    assert (
        missing_runs(2, 3) == "2 of 3 runs were deleted by their authors. The comparison is of the other one."
    )


def test_more_seeds_are_compared_beside_the_board(board: Board) -> None:
    app = page(id=board.id)
    more = resources.store().queue.add([RunSpec(batch_size=8, seed=1)], "reader", "test")[0].id
    app.session_state["board_compared"] = [*board.runs, more]
    app.run()
    assert app.session_state["compared"] == [*board.runs, more]
    assert app.session_state["page"] == "compare"
    assert resources.store().boards.get(board.id).runs == board.runs


def test_a_board_that_its_author_changes_meanwhile_is_shown_as_it_is_now(board: Board) -> None:
    app = page(id=board.id)
    resources.store().boards.save(
        AUTHOR, name="Noise", text="", runs=board.runs[:2], names={}, view=board.view, board_id=board.id
    )
    app.run()
    assert app.session_state["page"] == "board"
    assert app.session_state["board_compared"] == list(board.runs[:2])


def test_a_board_leaves_the_visitors_own_comparison_alone(board: Board) -> None:
    app = page(id=board.id)
    app.switch_page("../../pages/compare.py").run()
    assert app.session_state["compared"] == []


@pytest.mark.parametrize("board_id", ["AAAAAAAAAAAA", "<script>", "x" * 5000, "a b", "../etc"])
def test_an_unknown_or_damaged_id_is_explained(board_id: str) -> None:
    app = page(id=board_id)
    assert len(problems(app)) == 1
    assert "board" in problems(app)[0]
    assert len(problems(app)[0]) < 300


def test_a_view_that_a_later_version_wrote_is_drawn_plainly(board: Board) -> None:
    store = resources.store()
    later = store.boards.save(
        AUTHOR, name="Later", text="", runs=board.runs, names={}, view={"v": "9", "x": "moons"}
    )
    assert page(id=later.id).session_state["board_view"] == View()


def test_a_readers_damaged_view_is_explained_and_the_board_drawn(board: Board) -> None:
    app = page(id=board.id, x="moons")
    assert "X-axis" in problems(app)[0]
    assert app.session_state["board_view"] == View(x="updates", measure="train_loss")


def test_boards_are_listed_for_who_made_them_as_text(board: Board) -> None:
    resources.store().boards.save(AUTHOR, name=HOSTILE, text=HOSTILE, runs=board.runs, names={}, view={})
    listed = [
        str(one.proto.body)
        for one in page(AUTHOR).get("html")
        if 'class="batchviz-boards"' in str(one.proto.body)
    ]
    assert "&lt;script&gt;" in listed[-1]
    assert "<script" not in listed[-1]
    assert f'href="board?id={board.id}"' in listed[-1]
    assert not [
        one for one in page("somebody-else").get("html") if 'data-testid="boards"' in str(one.proto.body)
    ]


def compare(visitor: str, runs: tuple[str, ...], **session: object) -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=60)
    app.session_state["visitor"] = visitor
    app.switch_page("../../pages/compare.py")
    app.query_params["v"], app.query_params["x"], app.query_params["runs"] = "1", "seconds", ",".join(runs)
    app.run()
    for name, value in session.items():
        app.session_state[name] = value
    app.button(key="save_board").click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        (lambda board: None, 2),
        (lambda board: board.id, 1),
    ],
    ids=["new", "instead"],
)
def test_a_comparison_is_saved(board: Board, place: Callable[[Board], str | None], kept: int) -> None:
    chosen = place(board)
    app = AppTest.from_function(_dialog, default_timeout=60, kwargs={"runs": board.runs[:2]})
    app.session_state["visitor"] = AUTHOR
    app.session_state["board_place"] = chosen
    app.session_state[f"board_name_{chosen or 'new'}"] = "Again"
    app.run()
    app.button(key="board_keep").click().run()
    boards = resources.store().boards.owned_by(AUTHOR)
    assert len(boards) == kept
    saved = next(one for one in boards if one.name == "Again")
    assert saved.runs == board.runs[:2]
    assert saved.names == {board.runs[0]: "The small one"}
    assert View.decode(saved.view) == View(x="seconds")


def test_a_run_that_is_gone_is_not_saved(board: Board) -> None:
    resources.store().deletion.delete(AUTHOR, board.runs[:1])
    app = AppTest.from_function(_dialog, default_timeout=60, kwargs={"runs": board.runs})
    app.session_state["visitor"] = AUTHOR
    app.session_state["board_name_new"] = "Again"
    app.run()
    app.button(key="board_keep").click().run()
    saved = next(one for one in resources.store().boards.owned_by(AUTHOR) if one.name == "Again")
    assert saved.runs == board.runs[1:]


def test_boards_of_one_name_are_told_apart_where_one_is_replaced(board: Board) -> None:
    twin = resources.store().boards.save(AUTHOR, name="Noise", text="", runs=board.runs, names={}, view={})
    app = AppTest.from_function(_dialog, default_timeout=60, kwargs={"runs": board.runs[:1]})
    app.session_state["visitor"] = AUTHOR
    app.run()
    places = app.selectbox(key="board_place").options
    assert len(set(places)) == len(places) == 3
    app.selectbox(key="board_place").select_index(1).run()
    app.button(key="board_keep").click().run()
    assert resources.store().boards.get(twin.id).runs == board.runs[:1], "the first of the list: last changed"
    assert resources.store().boards.get(board.id).runs == board.runs


def _dialog(runs: tuple[str, ...]) -> None:
    from batchviz.links.comparison import View
    from batchviz.ui.boards.dialogs import save_as_board

    save_as_board(runs, View(x="seconds", title="Not in the board's view"))


def test_the_compare_page_offers_to_save(board: Board) -> None:
    app = compare(AUTHOR, board.runs)
    assert "board_keep" in keys(app)
