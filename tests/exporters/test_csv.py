"""CSV: every value comes back bit for bit, nothing is computed by a spreadsheet, nothing waits for the whole."""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Source, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS
from tests.exporters.selection import MemorySelection, run, trained


def written(selection: MemorySelection, kind: str) -> str:
    return b"".join(EXPORTS[f"csv-{kind}"].write(selection)).decode("utf-8-sig")


def cells(selection: MemorySelection, kind: str = "epochs") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(selection, kind), newline="")))


@pytest.mark.parametrize("kind", ["epochs", "updates"])
def test_pandas_reads_back_every_run_bit_for_bit(kind: str) -> None:
    selection = MemorySelection.from_entries(
        LibraryEntry(run("first1")), LibraryEntry(run("second", RunSpec(batch_size="full")))
    )
    table = pd.read_csv(io.BytesIO(b"".join(EXPORTS[f"csv-{kind}"].write(selection))))
    for run_id in ("first1", "second"):
        rows = table[table["run_id"] == run_id]
        for name in SERIES[kind].names:
            stored = selection.rows[run_id][kind][name]
            assert np.array_equal(rows[name].to_numpy(np.float32), stored, equal_nan=True), name
    assert table["run_batch_size"].unique().tolist() == [32, 800]


def test_the_columns_say_which_run_and_where_in_it() -> None:
    (first, second, _) = cells(MemorySelection.from_entries(LibraryEntry(run("first1"), name="Aïsha's run")))
    assert list(first)[:4] == ["run_id", "run_name", "run_label", "run_details"]
    assert (first["run_name"], first["run_source"], first["run_status"]) == (
        "Aïsha's run",
        "trained here",
        "done",
    )
    assert (first["epoch"], second["epoch"], second["updates"], second["examples"]) == ("0", "1", "25", "800")
    assert first["loss"] == ""  # not measured before the first update
    (update, *_) = cells(MemorySelection.from_entries(LibraryEntry(run())), "updates")
    assert update["update"] == "1"


def test_a_row_in_mid_epoch_lies_where_it_was_measured() -> None:
    selection = MemorySelection.from_entries(LibraryEntry(run("stopped")))
    selection.rows["stopped"]["epochs"]["examples"][2] = 1000  # type: ignore[index]
    assert [row["epoch"] for row in cells(selection)] == ["0", "1", "1.25"]


def test_what_an_imported_history_does_not_say_is_empty() -> None:
    imported = run("history", RunSpec(seed=4), source=Source.HISTORY, title="Keras, Monday")
    selection = MemorySelection.from_entries(LibraryEntry(imported))
    for name in ("updates", "examples", "seconds"):
        selection.rows["history"]["epochs"][name][:] = np.nan  # type: ignore[index]
    rows = cells(selection)
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert (rows[0]["run_source"], rows[0]["run_seed"], rows[1]["seconds"]) == ("history", "4", "")
    assert "Keras, Monday" in rows[0]["run_label"]


def test_infinities_are_empty_because_a_spreadsheet_would_draw_them_as_zero() -> None:
    selection = MemorySelection.from_entries(LibraryEntry(run("diverged", status=Status.DIVERGED)))
    selection.rows["diverged"]["epochs"]["val_loss"][:] = [1, np.inf, -np.inf]  # type: ignore[index]
    assert [row["val_loss"] for row in cells(selection)] == ["1.0", "", ""]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", '=HYPERLINK("http://x","y")', "\uff1d1", "\u00a0=1", "\u200b=1",
     "\ufeff\u2060 =1", '"=1', "\u00ad@x"],
)  # fmt: skip
def test_no_name_is_computed_by_a_spreadsheet(name: str) -> None:
    (row, *_) = cells(MemorySelection.from_entries(LibraryEntry(run(), name=name)))
    assert row["run_name"] == f"'{name}"


@pytest.mark.parametrize("separator", [";", "\t", "|", "\n"])
@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", '"=1', "\u200b\u00a0=1", "\uff1d1"]
)
def test_no_part_of_a_name_is_computed_by_a_spreadsheet_that_cuts_elsewhere(
    separator: str, formula: str
) -> None:
    """Excel cuts at semicolons where commas are decimal, and there heeds no quote in the middle of a cell."""
    name = f"x{separator}{formula}{separator}y"
    (row, *_) = cells(MemorySelection.from_entries(LibraryEntry(run(), name=name)))
    assert row["run_name"].split(separator) == ["x", f"'{formula}", "y"]


@pytest.mark.parametrize("name", ["\t=1", "\r=1", "\n=1", "\tx"])
def test_a_name_that_starts_with_a_break_is_text(name: str) -> None:
    (row, *_) = cells(MemorySelection.from_entries(LibraryEntry(run(), name=name)))
    assert row["run_name"].startswith("'")
    assert row["run_name"].replace("'", "") == name


@pytest.mark.parametrize(
    "name", ['He said "quick", twice', "two\nlines", "a;b,c", "1 - 1 = 0; 2", "x, -1", "ünïcode 数", ""]
)
def test_other_names_come_back_as_they_were(name: str) -> None:
    rows = cells(MemorySelection.from_entries(LibraryEntry(run(), name=name)))
    assert [row["run_name"] for row in rows] == [name] * 3


def test_an_id_that_starts_with_a_dash_is_no_formula_either() -> None:
    (row, *_) = cells(MemorySelection.from_entries(LibraryEntry(run("-AbCdEf"))))
    assert row["run_id"] == "'-AbCdEf"


def test_the_file_starts_with_the_mark_that_excel_needs_for_utf_8() -> None:
    assert next(EXPORTS["csv-epochs"].write(MemorySelection.from_entries(LibraryEntry(run())))).startswith(
        b"\xef\xbb\xbfrun_id,"
    )


def test_a_hundred_runs_are_handed_on_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [LibraryEntry(run(f"run_{number:03}")) for number in range(100)]
    rows = trained(epochs=2, updates=20_000)
    selection = MemorySelection(
        entries, dict.fromkeys((entry.run.id for entry in entries), rows), piece=10_000
    )
    body = EXPORTS["csv-updates"].write(selection)
    head, chunk = next(body), next(body)
    assert selection.read == [("run_000", "updates", 0)]
    assert head.count(b"\n") == 1
    assert len(chunk) < 1_000_000
    for _ in range(5):
        assert len(next(body)) < 1_000_000
    assert {run_id for run_id, *_ in selection.read} <= {"run_000", "run_001"}
