"""Parquet: the types, the words about the columns, the runs as row groups, and every bit of the numbers."""

import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Source, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS, parquet
from tests.exporters.selection import MemorySelection, run, trained


def written(selection: MemorySelection, kind: str = "epochs") -> io.BytesIO:
    return io.BytesIO(b"".join(EXPORTS[f"parquet-{kind}"].write(selection)))


@pytest.mark.parametrize("kind", ["epochs", "updates"])
def test_pandas_reads_back_every_bit(kind: str) -> None:
    strange = np.array([1e-45, -0.0, np.inf, -np.inf, np.nan, 3.4e38, 0.1], np.float32)
    selection = MemorySelection.from_entries(
        LibraryEntry(run("first1")), LibraryEntry(run("second", RunSpec(seed=1)))
    )
    selection.rows["second"][kind]["loss"][:3] = strange[:3]  # type: ignore[index]
    selection.rows["second"]["updates"]["metric"][:7] = strange  # type: ignore[index]
    table = pd.read_parquet(written(selection, kind))
    for run_id in ("first1", "second"):
        rows = table[table["run_id"] == run_id]
        for name in SERIES[kind].names:
            stored = selection.rows[run_id][kind][name]
            read = rows[name].to_numpy(np.float32)
            assert read.tobytes() == stored.tobytes(), name


def test_columns_have_types_and_say_what_they_are() -> None:
    schema = pq.read_schema(written(MemorySelection.from_entries(LibraryEntry(run()))))
    types = {
        "run_name": "string",
        "run_seed": "int64",
        "updates": "int64",
        "val_loss": "float",
        "epoch": "double",
    }
    assert {name: str(schema.field(name).type) for name in types} == types
    for kind in ("epochs", "updates"):
        for field in pq.read_schema(written(MemorySelection.from_entries(LibraryEntry(run())), kind)):
            assert field.metadata[b"description"], field.name


def test_the_metadata_hold_the_specs() -> None:
    spec = RunSpec(batch_size="full", seed=3)
    entry = LibraryEntry(run(spec=spec, final={"val_loss": float("nan")}), name="<b>mine</b>", tags=("a",))
    metadata = pq.read_schema(written(MemorySelection.from_entries(entry))).metadata
    said = json.loads(metadata[b"batchviz"], parse_constant=pytest.fail)["runs"][entry.run.id]
    assert RunSpec.parse(said["spec"]) == spec
    assert (said["name"], said["tags"], said["final"]) == ("<b>mine</b>", ["a"], {"val_loss": None})


def test_what_an_imported_history_does_not_say_is_null_or_left_out() -> None:
    entry = LibraryEntry(run("history", source=Source.HISTORY))
    selection = MemorySelection.from_entries(entry)
    for name in ("updates", "examples", "seconds"):
        selection.rows["history"]["epochs"][name][:] = np.nan  # type: ignore[index]
    file = written(selection)
    table = pq.read_table(file)
    assert table["updates"].null_count == 3
    assert table["seconds"].null_count == 0
    assert np.isnan(table["seconds"].to_numpy()).all()
    assert "optimizer" not in json.loads(table.schema.metadata[b"batchviz"])["runs"]["history"]["spec"]


def test_a_run_is_a_row_group_and_is_handed_on_before_the_next_is_read() -> None:
    entries = [LibraryEntry(run(f"run_{number:03}")) for number in range(20)]
    rows = trained(epochs=2, updates=30_000)
    selection = MemorySelection(
        entries, dict.fromkeys((entry.run.id for entry in entries), rows), piece=10_000
    )
    body = EXPORTS["parquet-updates"].write(selection)
    parts = [next(body), next(body)]
    assert {run_id for run_id, *_ in selection.read} == {"run_000"}
    assert len(parts[1]) > 100_000
    file = pq.ParquetFile(io.BytesIO(b"".join([*parts, *body])))
    assert [file.metadata.row_group(group).num_rows for group in range(20)] == [30_000] * 20
    assert file.read_row_group(7)["run_id"].unique().to_pylist() == ["run_007"]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_a_long_run_is_several_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 20)
    file = pq.ParquetFile(written(MemorySelection.from_entries(LibraryEntry(run()), piece=10), "updates"))
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [20, 20, 10]


def test_a_run_without_rows_is_an_empty_table() -> None:
    selection = MemorySelection([LibraryEntry(run(status=Status.QUEUED))], {"AbCdEf12345": trained(0, 0)})
    assert pd.read_parquet(written(selection)).empty
