"""The generated scripts are run, by a Python that has no BatchViz: each ends where the recorded run ended."""

import ast
import math
import re
import runpy
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from batchviz.errors import BatchVizError
from batchviz.experiment import datasets
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS
from batchviz.exporters.codegen import bundle
from batchviz.exporters.codegen.extent import Extent
from batchviz.exporters.codegen.script import script
from tests.exporters.conftest import Reproduced
from tests.exporters.programs import (
    OWN,
    OWN_ARRAYS,
    OWN_GAPS,
    OWN_GAPS_DATA,
    OWN_NUMBERS,
    OWN_NUMBERS_ARRAYS,
    SETTINGS,
    recorded,
    trained,
)
from tests.exporters.selection import MemorySelection, run


@pytest.mark.timeout(600)  # TensorFlow starts, which takes minutes on a busy machine
@pytest.mark.parametrize("name", SETTINGS)
def test_the_script_ends_where_the_run_ended(reproduced: Reproduced, name: str) -> None:
    loss, expected = reproduced.results[name]["loss"], recorded(trained(name))
    if name == "diverged":
        assert expected is None
        assert not math.isfinite(loss)
    else:
        assert loss == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("dataset", "own"),
    [
        ("digits", None),
        ("mislabelled", None),
        ("moons", None),
        ("diabetes", None),
        (OWN_NUMBERS, OWN_NUMBERS_ARRAYS),
        (OWN, OWN_ARRAYS),
        (OWN_GAPS, OWN_GAPS_DATA),
        (OWN_GAPS, OWN_GAPS_DATA._replace(in_order=True)),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_the_rows_in_a_script_are_those_that_were_trained_on(
    dataset: str, own: OwnData | None, packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if own:
        (tmp_path / f"own-data-{datasets.identity(dataset)}.npz").write_bytes(bundle._npz(own))
    monkeypatch.chdir(tmp_path)
    spec = RunSpec(dataset=dataset, rows=37, data_seed=9)
    (tmp_path / "made.py").write_text(script(run(spec=spec), own if packed else None))
    training = plan_for(spec).training_rows
    rows = datasets.load(dataset, 37, 0.0, 9, fetch_own=lambda identity: own, training_rows=training)
    for made, trained_on in zip(runpy.run_path("made.py")["data"](), rows, strict=True):
        assert made.dtype == trained_on.dtype
        assert np.array_equal(made, trained_on)


def stopped(examples: int, status: Status = Status.STOPPED, **final: float) -> Run:
    progress = Progress(updates=-(-examples // 32), examples=examples, epochs=examples / 800, seconds=1.0)
    return run(status=status, progress=progress, final=final)


def test_a_stopped_run_ends_with_its_last_evaluation() -> None:
    reach = Extent.from_run(stopped(3 * 800 + 320, val_loss=0.1))
    assert (reach.epochs, reach.cut) == (3, False)
    assert "ended after 85 updates, in epoch 4; its last evaluation was at the end of epoch 3" in reach.remark
    on_the_boundary = Extent.from_run(stopped(3 * 800, val_loss=0.1))
    assert on_the_boundary.epochs == 2, "stopped after the last batch of epoch 3, before it was evaluated"


def test_a_run_stopped_before_its_first_evaluation_is_trained_as_far_as_it_came() -> None:
    made = stopped(320)
    assert (Extent.from_run(made).epochs, Extent.from_run(made).last_examples) == (1, 320)
    assert "RECORDED = None" in script(made)
    assert Extent.from_run(stopped(0)).epochs == 0


def test_a_run_under_way_is_written_to_its_planned_end() -> None:
    made = stopped(320, Status.RUNNING)
    assert Extent.from_run(made).epochs == 10
    assert "still under way" in script(made).replace("\n# ", " ")


def test_every_script_is_valid_python_and_needs_keras_and_numpy_alone() -> None:
    for name in SETTINGS:
        tree = ast.parse(script(trained(name)))
        imported = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        allowed = {"os", "math", "base64", "zlib", "keras", "numpy"}
        assert imported <= allowed
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_lines_are_short_enough_to_read() -> None:
    for name in SETTINGS:
        assert max(map(len, script(trained(name)).splitlines())) <= 120


def said(spec: RunSpec) -> str:
    return " ".join(script(run(spec=spec)).partition("import")[0].split())


def test_where_the_data_is_is_said_at_the_head() -> None:
    assert "it reads own-data-AbCdEf12.npz" in said(RunSpec(dataset=OWN, rows=100))
    assert "own-data" not in said(RunSpec())


def test_nothing_that_a_visitor_wrote_is_in_the_program() -> None:
    evil = '"""\nimport os; os.abort()\n"""'
    made = run(title=evil, reason=evil, source=Source.ARCHIVE)
    assert "abort" not in script(made)


def test_what_another_program_trained_cannot_be_reproduced() -> None:
    spec = RunSpec(dataset="elsewhere.AbCdEf12.1000.1")
    with pytest.raises(BatchVizError, match="imported"):
        script(run(spec=spec, source=Source.HISTORY))
    with pytest.raises(BatchVizError, match="imported"):
        EXPORTS["script"].write(
            MemorySelection.from_entries(LibraryEntry(run(spec=spec, source=Source.HISTORY)))
        )


def exported(selection: MemorySelection) -> bytes:
    return b"".join(EXPORTS["script"].write(selection))


def test_one_run_is_a_script_and_several_are_a_zip() -> None:
    one = MemorySelection.from_entries(LibraryEntry(run("first1")))
    assert exported(one).decode() == script(run("first1"))
    assert EXPORTS["script"].form(one) == ("py", "text/x-python; charset=utf-8")
    imported = run("history", RunSpec(dataset="elsewhere.AbCdEf12.1000.1"), source=Source.HISTORY)
    several = MemorySelection.from_entries(
        LibraryEntry(run("first1")), LibraryEntry(run("second")), LibraryEntry(imported)
    )
    assert EXPORTS["script"].form(several) == ("zip", "application/zip")
    with zipfile.ZipFile(BytesIO(exported(several))) as archive:
        assert archive.namelist() == ["batchviz-first1.py", "batchviz-second.py", "left-out.txt"]
        assert archive.read("batchviz-second.py").decode() == script(run("second"))
        assert b"history: This run was trained by another program" in archive.read("left-out.txt")


def test_own_data_travels_with_its_owner_only() -> None:
    selection = MemorySelection.from_entries(LibraryEntry(trained("own classes, seconds")))
    without = exported(selection).decode()
    assert "PACKED" not in without
    assert 'np.load("own-data-AbCdEf12.npz")' in without
    selection.own[OWN] = OWN_ARRAYS
    assert "PACKED" in exported(selection).decode()


def test_much_own_data_comes_in_a_file_of_its_own() -> None:
    name = "own.AbCdEf56.6000x20.1"
    x, y = np.ones((6000, 20), np.float32), np.zeros((6000, 1), np.float32)
    spec = RunSpec(dataset=name)
    selection = MemorySelection.from_entries(
        LibraryEntry(run("first1", spec)), LibraryEntry(run("second", spec.replace(seed=1)))
    )
    selection.own[name] = OwnData(x, y)
    for some in (selection, MemorySelection.from_entries(selection.entries[0])):
        some.own = selection.own
        assert EXPORTS["script"].form(some)[0] == "zip"
        with zipfile.ZipFile(BytesIO(exported(some))) as archive:
            assert archive.namelist().count("own-data-AbCdEf56.npz") == 1
            with np.load(BytesIO(archive.read("own-data-AbCdEf56.npz"))) as arrays:
                assert arrays["x"].shape == (6000, 20)


def replace_seed(spec: RunSpec) -> RunSpec:
    return spec.replace(seed=1)


def test_the_sample_of_a_large_network_is_that_of_the_training() -> None:
    large = RunSpec(validation_split=0, rows=100_000, hidden=(1024, 1024))
    assert "permutation(len(x))[:2048]" in script(run(spec=large))
    assert "permutation(len(x))" not in script(replace(run(spec=RunSpec(validation_split=0))))


def test_the_header_says_what_was_recorded() -> None:
    text = script(run())
    assert re.match(r'"""Batch size 32 on random numbers\.\n', text)
    assert "recorded on 2023-11-14 22:13 UTC: done, 250 updates, 10\nepochs" in text
    assert 'RECORDED = {"loss": 0.09}' in text
