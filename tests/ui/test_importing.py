"""Import on the Runs page, through Streamlit's own test runner: files become runs on the visitor's shelf."""

import json
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.query import Query
from batchviz.experiment.records import Source, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS
from batchviz.importers.history import read
from batchviz.ui import resources
from batchviz.ui.runs import import_metadata
from batchviz.ui.runs.import_files import File
from batchviz.web.routes import routes
from tests.exporters.selection import MemorySelection, run
from tests.importers.test_archive import written
from tests.ui.test_compare import curves, figure
from tests.ui.test_compare import opened as compared

ROOT = Path(__file__).parents[2]
ADA = "ada" * 8
HISTORY = json.dumps({"loss": [3, 2, 1], "val_loss": [3, 2.5, 2], "lr": [1, 1, 1]}).encode()
HOSTILE = "<script>alert(1)</script> **bold** [link](http://evil).json"

pytestmark = pytest.mark.usefixtures("data_dir")


def page() -> None:
    """The dialog's contents as a page: the test runner closes a dialog with every answer."""
    from batchviz.ui.runs.import_dialog import draw_import, show_imported

    show_imported()
    draw_import("import")


def opened(*files: tuple[str, bytes]) -> AppTest:
    """The dialog with these files."""
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["visitor"] = ADA
    app.run()
    app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files]).run()
    assert not app.exception
    return app


def taken(app: AppTest) -> AppTest:
    app.button("import_take").click().run()
    assert not app.exception
    return app


def shelf() -> list[LibraryEntry]:
    return list(resources.store().library.page(ADA, Query(order="oldest")).entries)


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in app.text)


def test_histories_become_runs_with_what_was_stated() -> None:
    app = opened(
        ("bs8_seed1.json", HISTORY), ("bs8_seed2.json", HISTORY), ("batch_32.csv", b"epoch,loss\n0,2\n1,1\n")
    )
    app.text_input("import_experiment").set_value("Lesson 3").run()
    app.number_input("import_training").set_value(80).run()
    app.number_input("import_validation").set_value(20).run()
    app = taken(app)
    assert "3 runs imported." in texts(app)
    one, two, other = (entry.run for entry in shelf())
    assert [entry.note for entry in shelf()] == [
        "From bs8_seed1.json",
        "From bs8_seed2.json",
        "From batch_32.csv",
    ]
    assert (one.source, one.title, one.status) == (Source.HISTORY, "Lesson 3, B = 8", Status.DONE)
    assert (one.spec.batch_size, one.spec.seed, two.spec.seed) == (8, 1, 2)
    assert one.spec.group == two.spec.group
    assert one.plan.training_rows == 80
    assert other.spec.batch_size == 32
    rows = resources.store().series.whole([one.id], "epochs")[one.id]
    assert rows["updates"].tolist() == [0, 10, 20, 30]
    assert rows["val_loss"][1:].tolist() == [3, 2.5, 2]


def test_archives_may_be_larger_than_tables() -> None:
    """Both limits are said by the uploader itself, and hold whatever the server lets through."""
    app = AppTest.from_function(page, default_timeout=30).run()
    assert app.file_uploader[0].proto.max_upload_size_mb == 100
    data = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    data.session_state["visitor"] = ADA
    data.switch_page(str(ROOT / "pages/data.py")).run()
    assert data.file_uploader[0].proto.max_upload_size_mb == 20


def test_an_archive_brings_its_runs_with_what_was_written_on_them() -> None:
    entries = (
        LibraryEntry(run("first1"), name="Mine", note="A note", tags=("lesson",)),
        LibraryEntry(run("second", RunSpec(batch_size="full", budget=50))),
    )
    app = opened(("lesson.batchviz.zip", written(*entries)))
    assert "lesson.batchviz.zip: a BatchViz archive of 2 runs." in texts(app)
    taken(app)
    first, second = shelf()
    assert (first.name, first.note, first.tags) == ("Mine", "A note", ("lesson",))
    assert (first.run.source, first.run.spec, first.run.title) == (
        Source.ARCHIVE,
        RunSpec(),
        "B = 32, imported",
    )
    assert second.run.title == "B = full, imported"


def hostile() -> bytes:
    """An archive that passes every check, and is as unpleasant as one can be."""
    epochs = 4000
    spec = RunSpec(rows=2, batch_size="full", budget=epochs)
    made = run(
        "first1", spec, status=Status.DIVERGED, reason=HOSTILE, title=HOSTILE, final={"val_loss": 1e299}
    )
    selection = MemorySelection(
        [LibraryEntry(made, name=HOSTILE, note=HOSTILE, tags=(HOSTILE[:40],))], {}, piece=10_000
    )
    strange = np.resize(np.array([np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45, 0], np.float32), epochs + 1)
    rows = dict.fromkeys(SERIES["epochs"].names, strange) | {
        name: np.zeros(epochs + 1, np.float32) for name in ("updates", "examples", "seconds")
    }
    updates = dict.fromkeys(SERIES["updates"].names, strange[:epochs]) | {
        "batch_size": np.full(epochs, 3e38, np.float32)
    }
    selection.rows = {"first1": {"epochs": rows, "updates": updates, "measured": SERIES["measured"].empty()}}
    return b"".join(EXPORTS["archive"].write(selection))


@pytest.mark.parametrize("x", ["epochs", "updates", "seconds"])
def test_a_hostile_archive_is_drawn_like_any_other(x: str) -> None:
    taken(opened(("evil.batchviz.zip", hostile()), ("good.batchviz.zip", written(LibraryEntry(run("good"))))))
    ids = [entry.run.id for entry in shelf()]
    assert len(ids) == 2
    for log in ("none", "both"):
        app = compared(*ids, x=x, log=log, noise="true", equal="updates")
        if x == "seconds":  # nobody has measured what their updates take on this machine
            assert not curves(app)
            continue
        assert curves(app)
        assert len(figure(app)["data"][0]["x"]) <= 2000
        for kind in ("markdown", "caption", "html", "heading"):
            assert not [e for e in app.get(kind) if "<script>" in str(e.proto)], kind


def test_a_hostile_archive_is_served_to_the_live_chart_like_any_other() -> None:
    taken(opened(("evil.batchviz.zip", hostile())))
    (run_id,) = (entry.run.id for entry in shelf())
    answer = TestClient(Starlette(routes=routes(resources.store))).get(f"/api/points?run={run_id}:0:0:0")
    assert answer.status_code == 200
    (told,) = json.loads(answer.text, parse_constant=pytest.fail)["runs"]
    assert (told["label"], told["reason"]) == (HOSTILE, HOSTILE)
    assert len(told["epochs"]["val_loss"]) == 4001
    assert told["epochs"]["val_loss"][:3] == [None, None, None]


def test_good_files_are_imported_and_each_bad_one_is_explained() -> None:
    app = opened(
        (HOSTILE, b'{"accuracy": [1]}'),
        ("bs8.json", HISTORY),
        ("x.zip", b"PK\x03\x04 no zip"),
        ("empty.csv", b""),
    )
    said = texts(app)
    assert f"{HOSTILE}: The history has no loss; it holds “accuracy”." in said
    assert "x.zip: This is not a BatchViz archive, or it is damaged" in said
    assert "empty.csv: The file is empty" in said
    assert "1 run imported." in texts(taken(app))
    assert len(shelf()) == 1


def test_the_name_of_a_file_is_nowhere_markup() -> None:
    app = opened((HOSTILE, HISTORY), (f"2{HOSTILE}", b"{}"))
    for kind in ("markdown", "caption", "html", "heading", "button", "error"):
        assert not [e for e in app.get(kind) if "alert(1)" in str(e.proto)], kind


def test_a_batch_size_is_asked_for_where_the_file_does_not_tell() -> None:
    app = opened(("history.json", HISTORY))
    assert app.button("import_take").disabled
    assert "Batch size: fill it in above for history.json." in texts(app)


def test_a_letter_b_in_a_name_is_offered_as_the_batch_size() -> None:
    """EfficientNet-B4 is a model."""
    app = opened(("efficientnet_b4.json", HISTORY), ("b8.json", HISTORY))
    assert app.button("import_take").disabled
    assert app.toggle("import_letters").label == "Take b4, b8 as the batch sizes"
    app.toggle("import_letters").set_value(True).run()
    taken(app)
    assert [entry.run.spec.batch_size for entry in shelf()] == [4, 8]


def test_what_a_file_leaves_open_is_said_and_can_be_read_otherwise() -> None:
    log = b"epoch,loss,val_loss\n0,3,3\n1,2,2\nepoch,loss,val_loss\n0,1,1\n"
    stated = json.dumps({"batch_size": 16, "loss": [2, 1], "val_loss": [2, float("nan")]}).encode()
    app = opened(("bs8.csv", log), ("a.json", stated))
    assert "the epochs start again: 2 trainings in one file; the last one is shown." in texts(app)
    assert "“val_loss” is NaN in 1 epoch: read as not measured." in texts(app)
    part, nan = app.selectbox[:2]
    assert (part.label, nan.label) == ("Epochs that start again", "NaN at the end")
    part.set_value("joined").run()
    taken(app)
    one, other = (entry.run for entry in shelf())
    assert (one.spec.budget, one.final["loss"], one.status) == (3, 1, Status.DONE)
    assert (other.spec.batch_size, other.status) == (16, Status.DONE)


def test_what_cannot_be_is_explained_after_the_click_and_the_rest_is_kept() -> None:
    app = opened(("bs8.json", HISTORY), ("lesson.batchviz.zip", written()))
    app.number_input("import_training").set_value(100_000).run()
    app.number_input("import_validation").set_value(1000).run()
    app = taken(app)
    assert "2 runs imported." in texts(app)
    assert "bs8.json: Rows: got 100,000 for training and 1,000 for validation" in texts(app)


def test_the_notice_can_be_closed() -> None:
    app = taken(opened(("bs8.json", HISTORY), ("bs32.json", HISTORY)))
    assert app.button("imported_compare").label == "Compare them"
    app.button("imported_close").click().run()
    assert "imported" not in texts(app)


def test_the_runs_page_offers_the_dialog() -> None:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    app.session_state["visitor"] = ADA
    app.switch_page("../../pages/runs.py").run()
    app.button("import").click().run()
    assert not app.exception
    assert "BatchViz archives (.batchviz.zip)" in app.file_uploader[0].label


def test_files_of_one_batch_size_get_a_seed_each() -> None:
    names = ["b8.json", "b8 (copy).json", "b32.json", "b8_seed9.json", "mine.json"]
    found = import_metadata.rows([File(name, name, None, history=read(HISTORY), runs=1) for name in names])  # type: ignore[arg-type]
    assert found["seed"] == [0, 1, 0, 9, 0]
    assert found["left_out"] == ["lr"] * 5
    assert found["batch_size"] == [None] * 5, "b8 may be a model"
