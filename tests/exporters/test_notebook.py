"""The generated notebook is valid and, executed by a real kernel, ends where the recorded run ended."""

import zipfile
from io import BytesIO

import nbformat
import pytest

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS
from batchviz.exporters.codegen.notebook import notebook
from tests.exporters.conftest import Reproduced
from tests.exporters.programs import SETTINGS, recorded, trained
from tests.exporters.selection import MemorySelection, run


@pytest.mark.timeout(600)  # TensorFlow starts, which takes minutes on a busy machine
def test_the_notebook_ends_where_the_run_ended(reproduced: Reproduced) -> None:
    *cells, last = reproduced.notebook.cells
    loss, loaded = last.outputs[0].text.split()
    assert float(loss) == pytest.approx(recorded(trained("article")), abs=1e-5)
    assert loaded == "False", "BatchViz is not among what the notebook uses"
    printed = "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", ()))
    assert "epoch 10 of 10: mean loss of the batches" in printed
    assert "recorded:              0.0868" in printed


@pytest.mark.parametrize("name", SETTINGS)
def test_the_notebook_is_valid_and_the_same_every_time(name: str) -> None:
    text = notebook(trained(name))
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert notebook(trained(name)) == text


def test_packed_rows_are_folded_away() -> None:
    cells = nbformat.reads(notebook(run(spec=RunSpec(dataset="digits"))), as_version=4).cells
    (packed,) = [cell for cell in cells if "PACKED = " in cell.source]
    assert packed.metadata.jupyter.source_hidden
    titles = [cell.source.splitlines()[0] for cell in cells if cell.cell_type == "markdown"]
    assert titles == [
        "# Batch size 32 on digits",
        "## The data, packed",
        "## The data",
        "## The model",
        "## The training",
        "## The result",
    ]


def test_one_run_is_a_notebook_and_several_are_a_zip() -> None:
    one = MemorySelection.from_entries(LibraryEntry(run("first1")))
    assert b"".join(EXPORTS["notebook"].write(one)).decode() == notebook(run("first1"))
    assert EXPORTS["notebook"].form(one) == ("ipynb", "application/x-ipynb+json")
    both = MemorySelection.from_entries(LibraryEntry(run("first1")), LibraryEntry(run("second")))
    with zipfile.ZipFile(BytesIO(b"".join(EXPORTS["notebook"].write(both)))) as archive:
        assert archive.namelist() == ["batchviz-first1.ipynb", "batchviz-second.ipynb"]
