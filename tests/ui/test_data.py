"""The Data page through Streamlit's own test runner: from a file to a run, and what is refused on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.library import Upload
from batchviz.experiment.limits import MAX_OWN_ROWS
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.ui import resources
from tests.ui.notices import notices, problems

ROOT = Path(__file__).parents[2]
ADA, BOB = "ada" * 8, "bob" * 8
HOUSES = b"id;size;city;price\n" + b"".join(
    b"%d;%d,5;%s;%d\n" % (i, 40 + i * i % 97, [b"Bonn", b"K\xf6ln", b""][i % 3], 1000 * (i * 37 % 101))
    for i in range(1, 41)
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("data_dir")


def opened(visitor: str = ADA) -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    app.session_state["visitor"] = visitor
    app.switch_page(str(ROOT / "pages/data.py")).run()
    assert not app.exception
    return app


def given(data: bytes, name: str = "houses.csv", visitor: str = ADA) -> AppTest:
    app = opened(visitor)
    app.file_uploader[0].set_value((name, data, "text/csv")).run()
    assert not app.exception
    return app


def playground(visitor: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    app.session_state["visitor"] = visitor
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def uploaded(owner: str = ADA, rows: int = 40) -> Upload:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(rows, 3)), random.normal(size=(rows, 1))
    return resources.store().uploads.add(
        owner, "Mine", x, y, outputs=1, explanation=["Made up."], columns=list("abc"), target="d"
    )


def test_a_file_is_shown_explained_and_saved() -> None:
    app = given(HOUSES)
    first, columns = (grid.value for grid in app.dataframe)
    assert first.iloc[0].to_dict() == {"id": "1", "size": "41,5", "city": "Köln", "price": "37000"}
    assert dict(zip(columns["Column"], columns["What happens to it"], strict=True)) == {
        "id": "left out: it counts the rows",
        "size": "standardised",
        "city": "3 inputs, one a value and one for missing",
        "price": "the target",
    }
    assert "40 rows, 4 inputs, regression" in html(app)
    assert "Read as Windows-1252" in html(app)
    app.text_input(key="data_name").set_value("Homes <b>")
    app.button(key="save").click().run()
    assert not app.exception
    (kept,) = resources.store().uploads.owned_by(ADA)
    assert (kept.name, kept.target, kept.columns) == (
        "Homes <b>", "price", ("size", "city = Bonn", "city = Köln", "city missing"),
    )  # fmt: skip
    kept_data = resources.store().uploads.arrays(kept.id)
    assert (kept_data.x.shape, kept_data.y.shape) == ((40, 4), (40, 1))
    assert kept_data.standardised is not None
    assert kept_data.standardised.tolist() == [True, False, False, False, True]
    assert "<strong>Homes &lt;b&gt;</strong>" in html(app)
    assert app.dataframe.len == 0, "the file has become a data set"


def test_another_target_brings_its_task_and_what_is_left_out() -> None:
    app = given(HOUSES)
    app.selectbox(key="target").select("city").run()
    assert app.selectbox(key="task").value == "classification"
    assert "26 rows, 2 inputs, 2 classes" not in html(app)
    assert "27 rows, 2 inputs, 2 classes" in html(app)
    app.multiselect(key="left_out").set_value(["size"]).run()
    assert "27 rows, 2 inputs, 2 classes" in html(app), "the identifier is taken in, the size left out"
    app.button(key="save").click().run()
    (kept,) = resources.store().uploads.owned_by(ADA)
    assert (kept.classes, kept.columns) == (("Bonn", "Köln"), ("id", "price"))


def test_a_target_that_cannot_be_is_explained_and_nothing_can_be_saved() -> None:
    app = given(b"x,same\n1,5\n2,5\n4,5\n")
    app.selectbox(key="target").select("same").run()
    assert "nothing to learn" in html(app)
    assert app.button(key="save").disabled


def test_how_a_file_is_read_can_be_corrected() -> None:
    app = given(b"a,b;c\n1,2;3\n2,3;4\n9,3;1\n7,1;6\n")
    assert "4 rows and 2 columns, separated by semicolons" in html(app)
    assert list(app.dataframe[0].value.columns) == ["a,b", "c"]
    app.selectbox(key="separator").select(",").run()
    assert list(app.dataframe[0].value.columns) == ["a", "b;c"]
    app.selectbox(key="headings").select(False).run()
    assert "5 rows and 2 columns, separated by commas" in html(app)
    app.selectbox(key="separator").select("|").run()
    assert "a single column. It was taken apart at vertical bars" in html(app)
    app.selectbox(key="separator").select("").run()
    assert "5 rows and 2 columns, separated by semicolons" in html(app)


def test_where_two_readings_fit_the_other_can_be_chosen_and_rows_kept_in_order() -> None:
    people = ["950", "1.200", "15.300", "780"]
    rows = "".join(f"{1 + i}/4/2024;{people[i % 4]};{i * 7 % 5}.5\n" for i in range(12))
    app = given(f"day;people;y\n{rows}".encode())
    assert "\u201c1.200\u201d is read as 1200, not as 1.2." in html(app)
    (ways,) = [box for box in app.selectbox if box.label == "people"]
    assert ways.options == ["\u201c1.200\u201d is 1,200", "\u201c1.200\u201d is 1.2"]
    ways.select_index(1).run()
    assert "\u201c1.200\u201d is read as 1.2, not as 1200." in html(app)
    app.selectbox(key="row_order").select("by day").run()
    assert "The rows stay in order of \u201cday\u201d" in html(app)
    app.button(key="save").click().run()
    assert not app.exception
    (kept,) = resources.store().uploads.owned_by(ADA)
    assert (kept.in_order, kept.over_training_rows) == (True, True)
    assert "rows in order" in html(app)


def test_another_file_forgets_the_answers_about_the_last() -> None:
    app = given(HOUSES)
    app.selectbox(key="target").select("size").run()
    app.file_uploader[0].set_value(("other.csv", b"a,size\n1,2\n2,3\n3,7\n4,1\n", "text/csv")).run()
    assert app.selectbox(key="target").value == "size"
    assert app.text_input(key="data_name").value == "other"
    assert "4 rows, 1 input, regression" in html(app)


def test_too_many_rows_are_taken_as_chosen() -> None:
    app = given(b"x,y\n" + b"".join(b"%d,%d\n" % (i % 977, i % 31) for i in range(MAX_OWN_ROWS + 5)))
    assert "100,005 rows; expected at most 100,000" in html(app)
    app.segmented_control(key="sample").set_value("first").run()
    assert "The first 100,000 of the file&#39;s 100,005 rows." in html(app)
    app.segmented_control(key="sample").set_value("random").run()
    assert "A random sample of 100,000" in html(app)
    app.button(key="save").click().run()
    assert resources.store().uploads.owned_by(ADA)[0].dataset.endswith(f".{MAX_OWN_ROWS}x1.1")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04\x14\x00", "Excel workbook"),
        (b"a,b\n1,2\n3\n", "Line 3 has 1 values"),
        (b"PAR1PAR1", "Parquet file could not be read"),
        (b"<img src=x onerror=alert(1)>,b\n1\n", "Line 2 has 1 values"),
    ],
)
def test_bad_files_are_explained(data: bytes, said: str) -> None:
    assert said in html(given(data))


def test_names_in_a_file_stay_text() -> None:
    page = html(given(b"<img src=x onerror=alert(1)>,**bold** :smile:\n1,2\n2,5\n3,4\n"))
    assert "&lt;img src=x" in page
    assert "<img" not in page
    app = given(b"a,<img src=x>\n1,2\n2,2\n3,2\n")
    app.selectbox(key="target").select("<img src=x>").run()
    assert "&lt;img src=x&gt;\u201d cannot be the target" in html(app)
    assert "<img" not in html(app)


def test_data_is_deleted_and_the_deletion_undone() -> None:
    kept = uploaded()
    app = opened()
    app.button(key=f"delete_{kept.id}").click().run()
    assert resources.store().uploads.owned_by(ADA) == []
    assert "Deleted: Mine" in html(app)
    app.button(key="deleted_data_undo").click().run()
    assert [one.id for one in resources.store().uploads.owned_by(ADA)] == [kept.id]


def test_nobody_sees_the_data_of_another() -> None:
    uploaded(ADA)
    assert "Mine" not in html(opened(BOB))
    assert "Mine (yours)" not in playground(BOB).selectbox(key="field_dataset").options
    assert "Mine (yours)" in playground(ADA).selectbox(key="field_dataset").options


def test_own_data_is_chosen_in_the_form_and_trained() -> None:
    kept = uploaded()
    app = playground(ADA)
    app.selectbox(key="field_dataset").select(kept.dataset).run()
    app.button(key="train").click().run()
    assert not problems(app)
    (run_id,) = app.session_state["shown"]
    assert resources.store().runs.get(run_id).spec == RunSpec.parse({"dataset": kept.dataset, "rows": 40})


def test_two_data_sets_of_one_name_are_told_apart() -> None:
    older, newer = uploaded(rows=40), uploaded(rows=50)
    app = playground(ADA, v="1", dataset=older.dataset)
    assert {"Mine (yours)", "Mine (yours) (2)"} <= set(app.selectbox(key="field_dataset").options)
    assert app.selectbox(key="field_dataset").value == older.dataset
    app.selectbox(key="field_dataset").select(newer.dataset).run()
    assert app.session_state["field_rows"] == 50


def test_a_recorded_run_on_the_data_of_another_is_seen_but_not_trained_again() -> None:
    spec = RunSpec.parse({"dataset": uploaded(ADA).dataset})
    (run_id,) = resources.submit([spec], ADA, network="")
    app = playground(BOB, runs=run_id)
    assert app.session_state["shown"] == [run_id]
    assert "belongs to someone else" in notices(app, "note")[0]
    assert app.button(key="train").disabled
    assert not problems(app)
    assert not playground(ADA, runs=run_id).button(key="train").disabled


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        ("own.NoSuchData12.40x3.1", "is not here any more"),
        ("elsewhere.abcdef.100.1", "trained elsewhere"),
    ],
)
def test_data_that_is_not_here_cannot_be_trained_on(dataset: str, said: str) -> None:
    app = playground(ADA, v="1", dataset=dataset)
    assert said in notices(app, "note")[0]
    assert app.button(key="train").disabled


def test_the_laboratory_refuses_what_the_form_would_not_offer() -> None:
    from batchviz.errors import SpecError

    kept = uploaded(ADA)
    spec = RunSpec.parse({"dataset": kept.dataset})
    with pytest.raises(SpecError, match="belongs to someone else"):
        resources.submit([RunSpec(), spec], BOB, network="")
    assert resources.store().runs.by_id([]) == {}
    other_shape = RunSpec.parse({"dataset": kept.dataset.replace("40x3", "41x3")})
    with pytest.raises(SpecError, match="in a shape that it does not have"):
        resources.submit([other_shape], ADA, network="")
    resources.store().uploads.delete(ADA, kept.id)
    with pytest.raises(SpecError, match="is not here any more"):
        resources.submit([spec], ADA, network="")


def test_the_link_to_own_data_opens_the_form_on_it() -> None:
    kept = uploaded()
    app = playground(ADA, **experiment.encode(RunSpec.parse({"dataset": kept.dataset})))
    assert app.selectbox(key="field_dataset").value == kept.dataset
    assert not notices(app, "note")
