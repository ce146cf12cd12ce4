"""The Runs page through Streamlit's own test runner, on a store with runs in it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from batchviz.errors import StoreError
from batchviz.experiment import datasets, limits
from batchviz.experiment.columns import COLUMNS
from batchviz.experiment.records import Outcome, Progress, Status
from batchviz.experiment.spec import RunSpec
from batchviz.links.run_filter import PAGE_SIZE, RunFilter
from batchviz.ui import resources
from batchviz.ui.admin import token as admin_token
from batchviz.ui.runs import table
from batchviz.ui.runs.columns import frame, pseudonym
from tests.store.reports import give
from tests.ui.notices import problems

ROOT = Path(__file__).parents[2]
ADA = "visitor"
HOSTILE = "<script>alert(1)</script> **bold** [link](http://evil) :material/home:"

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own runs are the visitor's, who has no cookie here."""
    monkeypatch.setattr("batchviz.ui.session.visitor", lambda: ADA)


def made(count: int = 1, owner: str = ADA, **changes: object) -> list[str]:
    """So many finished runs, oldest first."""
    store, ids = resources.store(), []
    for seed in range(count):
        run = store.queue.add([RunSpec.parse({"seed": seed, **changes})], owner, "here")[0]
        store.queue.claim("test")
        store.attempts.finish(
            run.id, 1, Outcome(Status.DONE, "", {"val_loss": seed / 10}, Progress(250, 8000, 10, 1.5))
        )
        ids.append(run.id)
    return ids


def opened(**query: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    app.switch_page("../../pages/runs.py")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> list[str]:
    """The ids in the table."""
    return list(app.session_state["runs_shown"][1]) if app.dataframe else []


def grid(app: AppTest) -> dict[str, list[object]]:
    """The table's columns as they are sent."""
    columns: dict[str, list[object]] = (
        pa.ipc.open_stream(app.dataframe[0].proto.arrow_data.data).read_all().to_pydict()
    )
    return columns


def said(app: AppTest) -> str:
    """Every plain text on the page."""
    return "\n".join(element.value for element in app.text)


def test_without_runs_the_page_says_what_to_do() -> None:
    app = opened()
    assert "There is nothing here yet" in said(app)
    assert app.button(key="runs_first").label == "Train a run in the Playground"


def test_the_newest_runs_come_first_and_others_runs_not_at_all() -> None:
    made(1, "another", dataset="teacher")
    ids = made(3)
    assert shown(opened()) == ids[::-1]


def test_the_storage_is_told() -> None:
    made(2)
    head = next(
        str(element.proto.body) for element in opened().get("html") if "Runs</h1>" in str(element.proto.body)
    )
    assert "2 runs, 0 bytes" in head


def test_search_order_and_filters_are_in_the_address_and_come_from_it() -> None:
    first, second = made(2)
    third = made(1, batch_size=8)[0]
    resources.store().library.annotate(ADA, first, name="tiny", tags=["class, 7b", "week"], favourite=True)
    app = opened()
    app.text_input(key="runs_text").set_value("tiny").run()
    assert shown(app) == [first]
    assert app.query_params == {"search": "tiny"}
    app.text_input(key="runs_text").set_value("").run()
    app.selectbox(key="runs_order").select("val_loss").run()
    app.multiselect(key="runs_batch_sizes").select(32).run()
    assert shown(app) == [first, second]
    assert app.query_params == {"batch_size": "32", "sort": "val_loss"}
    assert app.get("popover")[0].proto.popover.label == "Filters (1)"
    app.button(key="runs_clear_filters").click().run()
    assert set(shown(app)) == {first, second, third}
    again = opened(tag=["class, 7b"], favourite="true")
    assert shown(again) == [first]
    assert again.multiselect(key="runs_tags").value == ["class, 7b"]


def test_days_are_those_of_the_visitor() -> None:
    ids = made(1)
    day, today = timedelta(days=1), datetime.now(UTC).date()  # no browser tells a time zone here
    assert shown(opened(**{"from": str(today - day), "until": str(today + day)})) == ids
    assert shown(opened(until=str(today - 2 * day))) == []
    query = RunFilter(since=date(2026, 3, 29), until=date(2026, 3, 29)).query(ZoneInfo("Europe/Berlin"))
    assert query.until is not None
    assert query.since is not None
    assert query.until - query.since == 23 * 3600  # that night the clocks went forward


def test_another_order_leads_back_to_the_first_page() -> None:
    ids = made(PAGE_SIZE + 3)[::-1]
    app = opened(page="2")
    assert shown(app) == ids[PAGE_SIZE:]
    app.selectbox(key="runs_order").select("oldest").run()
    assert shown(app) == ids[::-1][:PAGE_SIZE]
    assert shown(opened(page="99")) == ids[PAGE_SIZE:]


def test_a_search_that_finds_nothing_leads_back() -> None:
    ids = made(1)
    app = opened(search="nothing of that name")
    assert "No run matches" in said(app)
    app.button(key="runs_show_all").click().run()
    assert shown(app) == ids


@pytest.mark.parametrize(
    "address",
    [
        {"page": "-1"}, {"page": "9" * 400}, {"sort": "drop table"}, {"status": "great"}, {"data": "../etc"},
        {"batch_size": "many"}, {"from": "yesterday"}, {"until": "0000-00-00"}, {"search": "x" * 5000},
        {"tag": ["x" * 5000]},
    ],
    ids=lambda address: "-".join(address),
)  # fmt: skip
def test_what_cannot_be_read_in_an_address_is_left_out_and_told(address: dict[str, str | list[str]]) -> None:
    given = {name: text if isinstance(text, list) else [text] for name, text in address.items()}
    assert RunFilter.decode_lists(given) == (RunFilter(), list(address))


def test_an_address_that_is_read_in_part_says_so() -> None:
    ids = made(1)
    app = opened(sort="drop table", search=ids[0])
    assert shown(app) == ids
    assert "could not be read at sort" in problems(app)[0]


def test_what_is_wanted_survives_the_address() -> None:
    runs = RunFilter(
        text="a b",
        datasets=("teacher",),
        batch_sizes=(1, 800),
        statuses=("done", "failed"),
        tags=("x,y", "&="),
        favourite=True,
        since=date(2026, 1, 2),
        until=date(2026, 3, 4),
        order="name",
        page=3,
    )
    assert RunFilter.decode_lists(runs.encode_lists()) == (runs, [])
    assert RunFilter().encode_lists() == {}


def select(app: AppTest, *run_ids: str) -> AppTest:
    app.session_state["runs_selected"] = list(run_ids)
    return app.run()


def test_what_is_deleted_comes_back_when_undone() -> None:
    first, second = made(2)
    app = select(opened(), first)
    app.button(key="runs_delete").click().run()
    assert shown(app) == [second]
    assert "1 run deleted" in said(app)
    assert app.session_state["runs_selected"] == []
    app.button(key="runs_deleted_undo").click().run()
    assert shown(app) == [second, first]
    assert "deleted" not in said(app)


def test_each_deletion_of_the_last_day_can_be_undone_after_a_reload() -> None:
    first, second, third = made(3)
    resources.store().library.annotate(ADA, first, name=HOSTILE)
    for gone in ([first, second], [third]):
        app = select(opened(), *gone)
        app.button(key="runs_delete").click().run()
    app = opened()
    assert shown(app) == []
    assert f"2 runs (B = 32 and {HOSTILE})" in said(app)
    both = [button for button in app.button if button.label == "Bring back"][1]
    both.click().run()
    assert shown(app) == [second, first]
    assert sum(button.label == "Bring back" for button in app.button) == 1
    assert not opened().get("popover") or "2 runs (" not in said(opened())


def test_the_last_runs_can_be_brought_back_too() -> None:
    ids = made(1)
    app = select(opened(), *ids)
    app.button(key="runs_delete").click().run()
    assert "There is nothing here yet" in said(app)
    app.button(key="runs_deleted_undo").click().run()
    assert shown(app) == ids


def test_deleting_what_a_board_shows_asks_first_and_names_the_board() -> None:
    first, second = made(2)
    resources.store().boards.save(ADA, name=HOSTILE, text="", runs=[first], names={}, view={})
    resources.store().boards.save("another", name="A secret", text="", runs=[first], names={}, view={})
    app = select(opened(), first, second)
    app.button(key="runs_delete").click().run()
    assert f"1 run of the 2 to delete is shown on the board “{HOSTILE}” and 1 board more" in said(app)
    assert "A secret" not in said(app)
    assert shown(app) == [second, first]
    app.button(key="runs_delete_not").click().run()
    assert "board" not in said(app)
    app.button(key="runs_delete").click().run()
    app.button(key="runs_delete_anyway").click().run()
    assert shown(app) == []


def test_a_run_that_another_keeps_is_missing_nowhere_and_nothing_is_asked() -> None:
    (run_id,) = made(1)
    give(resources.store(), "another", [run_id])
    resources.store().boards.save(ADA, name="B", text="", runs=[run_id], names={}, view={})
    app = select(opened(), run_id)
    app.button(key="runs_delete").click().run()
    assert "missing" not in said(app)
    assert shown(app) == []
    assert resources.store().runs.visible([run_id]) == {run_id}


def test_only_runs_on_ones_own_shelf_are_deleted() -> None:
    theirs = made(1, "another")
    made(1, dataset="teacher")
    app = select(opened(), *theirs)
    app.button(key="runs_delete").click().run()
    assert resources.store().runs.visible(theirs) == set(theirs)


def test_texts_of_users_are_values_of_the_grid_and_nothing_else() -> None:
    (run_id,) = made(1)
    resources.store().library.annotate(ADA, run_id, name=HOSTILE, note=HOSTILE, tags=["**t**"])
    app = opened()
    for kind in ("markdown", "caption", "html", "heading", "button", "popover"):
        assert all(text not in str(element.proto) for element in app.get(kind) for text in (HOSTILE, "**t**"))
    assert grid(app)["name"] == grid(app)["note"] == [HOSTILE]
    assert grid(app)["tags"] == [["**t**"]]


def test_own_data_is_called_as_its_visitor_named_it() -> None:
    x, y = np.zeros((20, 3), np.float32), np.zeros((20, 1), np.float32)
    about = {"explanation": [], "columns": ["a", "b", "c"], "target": "t", "classes": []}
    data = resources.store().uploads.add(ADA, "Our plants", x, y, outputs=1, **about).dataset
    made(1, dataset=data)
    app = opened()
    assert grid(app)["dataset"] == ["Our plants"]
    assert f"Our plants ({datasets.identity(data)})" in app.multiselect(key="runs_datasets").options


def test_selected_runs_are_compared_by_a_link() -> None:
    ids = made(2)
    app = select(opened(), *ids)
    app.button(key="runs_compare").click().run()
    assert app.query_params["runs"] == ",".join(ids)
    assert not app.exception


def test_more_runs_than_a_link_holds_cannot_be_compared() -> None:
    made(1)
    app = select(opened(), *(f"AbCdEf{number}" for number in range(limits.MAX_RUNS_SHOWN + 1)))
    assert app.button(key="runs_compare").disabled
    assert f"{limits.MAX_RUNS_SHOWN + 1} selected" in said(app)


def test_a_table_keeps_its_types_when_it_has_no_values() -> None:
    (run_id,) = made(1)
    empty = frame(resources.store().library.page(ADA).entries, COLUMNS, [], ZoneInfo("UTC")).dtypes
    resources.store().library.annotate(ADA, run_id, tags=["one"], name="n")
    full = frame(resources.store().library.page(ADA).entries, COLUMNS, [], ZoneInfo("UTC")).dtypes
    assert empty.equals(full)


def test_only_cells_that_changed_are_taken_in() -> None:
    ids = ["first1", "second"]
    edits = {0: {"name": "a", "tags": ["x"]}, 1: {"selected": True, "note": None}}
    taken = {0: {"name": "a"}}
    assert table.changes(edits, taken, ids) == [
        ("first1", "tags", ("x",)), ("second", "selected", True), ("second", "note", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "edits", [{7: {"name": "x"}}, {-1: {"name": "x"}}, {0: {"val_loss": 0.0}}, {0: {"owner": "x"}}]
)
def test_an_edit_that_no_table_of_ours_makes_is_passed_over(edits: dict[int, dict[str, object]]) -> None:
    assert table.changes(edits, {}, ["first1"]) == []


def test_two_tabs_do_not_overwrite_each_others_fields() -> None:
    (run_id,) = made(1)
    one, other = opened(), opened()
    one.session_state["runs_unsaved"] = {(run_id, "name"): "of one tab"}
    one.run()
    other.session_state["runs_unsaved"] = {(run_id, "note"): "of the other"}
    other.run()
    entry = resources.store().library.entries(ADA, [run_id])[run_id]
    assert (entry.name, entry.note) == ("of one tab", "of the other")


def test_what_the_store_did_not_take_is_kept_shown_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (run_id,) = made(1)
    store, app = resources.store(), opened()

    def locked(*_: object, **__: object) -> None:
        raise StoreError("The database is locked.")

    app.session_state["runs_unsaved"] = {(run_id, "name"): "typed"}
    with monkeypatch.context() as broken:
        broken.setattr(type(store.library), "annotate", locked)
        app.run()
    assert "Not saved yet: The database is locked." in problems(app)[0]
    assert grid(app)["name"] == ["typed"]
    app.run()
    assert not problems(app)
    assert store.library.entries(ADA, [run_id])[run_id].name == "typed"


def test_what_was_written_on_a_run_deleted_meanwhile_is_given_up_and_said_once() -> None:
    gone, kept = made(2)
    app = opened()
    resources.store().deletion.delete(ADA, [gone])
    app.session_state["runs_unsaved"] = {(gone, "name"): "typed", (kept, "name"): "kept"}
    app.run()
    assert problems(app) == ["Not saved: the run you wrote on was deleted meanwhile."]
    assert resources.store().library.entries(ADA, [kept])[kept].name == "kept"
    app.run()
    assert not problems(app)


def test_what_tells_the_runs_apart_is_a_column_and_others_are_chosen() -> None:
    made(1, learning_rate=0.01)
    made(1, learning_rate=0.02, batch_size="full")
    app = opened()
    assert grid(app)["learning_rate"] == [0.02, 0.01]
    assert "optimizer" not in grid(app)
    assert "seed" not in grid(app)
    app.multiselect(key="runs_columns").select("optimizer").select("budget").run()
    assert app.query_params["column"] == ["optimizer", "budget"]
    assert grid(app)["optimizer"] == ["Adam", "Adam"]
    assert "learning_rate" not in grid(app)


def test_every_column_sorts_either_way_and_the_address_says_so() -> None:
    low = made(1, learning_rate=0.01)
    high = made(1, learning_rate=0.02)
    app = opened()
    app.selectbox(key="runs_order").select("learning_rate").run()
    assert shown(app) == [*low, *high]
    app.toggle(key="runs_reverse").set_value(True).run()
    assert shown(app) == [*high, *low]
    assert app.query_params == {"sort": "learning_rate", "reverse": "true"}
    assert "Learning rate, highest first" in app.selectbox(key="runs_order").options


@pytest.mark.parametrize(
    "search", ["growing", "ADAM 0.01", "32 256", "noisy", "0.5", "done", "B = 32 lr 0.01", "lr .01"]
)
def test_what_the_page_shows_of_a_run_is_found(search: str) -> None:
    made(1, batch_size=8, optimizer="sgd")
    run = made(1, dataset="teacher", noise=0.5, learning_rate=0.01, batch_schedule=((2, 64), (5, 256)))
    assert run[0] in shown(opened(search=search))
    if search != "done":
        assert shown(opened(search=search)) == run


def test_a_run_is_not_found_by_a_part_of_its_random_id() -> None:
    (run_id,) = made(1)
    assert "No run matches" in said(opened(search=run_id[:8]))


def test_any_column_filters_by_value_and_by_range() -> None:
    first, second, third = made(3)
    other = made(1, optimizer="sgd")[0]
    app = opened()
    app.multiselect(key="runs_where").select("optimizer:adam").run()
    assert set(shown(app)) == {first, second, third}
    app.selectbox(key="runs_range_column").select("val_loss")
    app.number_input(key="runs_range_low").set_value(0.1).run()
    app.button(key="runs_range_add").click().run()
    assert set(shown(app)) == {second, third}
    assert app.query_params["where"] == ["optimizer:adam", "val_loss:0.1.."]
    assert "Validation MSE: at least 0.1" in app.multiselect(key="runs_where").options
    assert other in shown(opened(where="optimizer:sgd"))


@pytest.mark.parametrize(
    "where", ["color:red", "val_loss:low", "val_loss:..", "val_loss:1..9e99", "batch_norm:maybe", "optimizer"]
)
def test_a_condition_that_cannot_be_read_is_left_out_and_told(where: str) -> None:
    assert RunFilter.decode_lists({"where": [where]}) == (RunFilter(), ["where"])


def test_seeds_are_grouped_with_their_mean_and_range_and_selected_together() -> None:
    ids = made(3, batch_size=8)
    made(1, batch_size=64)
    waiting = resources.store().queue.add([RunSpec(batch_size=8, seed=9)], ADA, "here")[0].id
    app = opened(group="true", sort="val_loss", reverse="true")
    assert grid(app)["batch_size"] == [8, 64]
    assert grid(app)["val_loss"] == [pytest.approx(0.1), 0]
    assert grid(app)["val_loss_range"] == ["0 to 0.2", "0"]
    assert grid(app)["done"] == ["3 of 4", "1 of 1"]
    assert "2 experiments, 5 runs" in said(app)
    app = select(app, *ids, waiting)
    assert grid(app)["selected"] == [True, False]
    app.button(key="runs_delete").click().run()
    assert grid(app)["batch_size"] == [64]
    app.button(key="runs_deleted_undo").click().run()
    assert grid(app)["batch_size"] == [8, 64]
    app = select(app, *ids)
    assert grid(app)["selected"] == [False, False]  # one of its runs is not
    app.button(key="runs_select_page").click().run()
    assert len(app.session_state["runs_selected"]) == 5


def test_a_row_of_seeds_shows_what_is_written_on_them_and_writes_on_each() -> None:
    first, second, third = made(3, batch_size=8)
    library = resources.store().library
    library.annotate(ADA, first, name="pilot", tags=["old"], favourite=True)
    library.annotate(ADA, second, name="main", tags=["old", "new"])
    app = opened(group="true")
    assert grid(app)["name"] == ["main / pilot"]
    assert grid(app)["tags"] == [["old", "new"]]
    assert grid(app)["favourite"] == [False], "not all of them"
    app.session_state["runs_unsaved"] = {(run_id, "name"): "all" for run_id in (first, second, third)}
    app.run()
    assert grid(app)["name"] == ["all"]
    assert {entry.name for entry in library.entries(ADA, [first, second, third]).values()} == {"all"}


class TestAdministrator:
    TOKEN = "a token long enough"

    @pytest.fixture(autouse=True)
    def settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BATCHVIZ_ADMIN_TOKEN", self.TOKEN)
        monkeypatch.setattr(admin_token, "PAUSE_SECONDS", 0.0)
        resources.settings.cache_clear()

    def enter(self, app: AppTest, token: str) -> AppTest:
        app.text_input(key="runs_admin_token").set_value(token)
        return app.button[-1].click().run()

    def test_with_the_token_everybodys_runs_are_there_and_can_be_deleted(self) -> None:
        theirs = made(1, "another")
        mine = made(1, dataset="teacher")
        app = self.enter(opened(), self.TOKEN)
        assert shown(app) == [*mine, *theirs]
        assert grid(app)["owner"] == [pseudonym(ADA), pseudonym("another")]
        assert "another" not in str(grid(app))
        app = select(app, *theirs)
        app.button(key="runs_delete").click().run()
        assert resources.store().runs.visible(theirs) == set()
        app.button(key="runs_deleted_undo").click().run()
        app.button(key="runs_admin_leave").click().run()
        assert shown(app) == mine

    @pytest.mark.parametrize("token", ["", "wrong", "a token long enough ", "ä" * 12])
    def test_any_other_token_opens_nothing_and_is_told(self, token: str) -> None:
        made(1, "another")
        mine = made(1, dataset="teacher")
        app = self.enter(opened(), token)
        assert shown(app) == mine
        assert "not the token" in problems(app)[0]

    def test_after_a_wrong_one_the_next_waits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            assert admin_token._one_at_a_time.locked()
            pauses.append(seconds)

        monkeypatch.setattr(admin_token, "PAUSE_SECONDS", 1.0)
        monkeypatch.setattr(admin_token.time, "sleep", pause)
        assert not admin_token._right("wrong")
        assert admin_token._right(self.TOKEN)
        assert pauses == [1.0]

    def test_without_a_token_set_there_is_no_field_and_no_way_in(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("BATCHVIZ_ADMIN_TOKEN")
        resources.settings.cache_clear()
        made(1, "another")
        app = opened()
        app.session_state["runs_admitted"] = True
        app.run()
        assert shown(app) == []
        assert not app.get("expander")
