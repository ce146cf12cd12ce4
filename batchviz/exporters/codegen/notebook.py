"""A run as a Jupyter notebook: the script's sections, each explained, with their results below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from batchviz.experiment.own_data import OwnData
from batchviz.experiment.records import Run
from batchviz.exporters.codegen import bundle, header, program
from batchviz.exporters.codegen.section import Section
from batchviz.exporters.selection import Selection

METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
FOLDED = {"jupyter": {"source_hidden": True}}


def notebook(run: Run, own_data: OwnData | None = None) -> str:
    """The file's text, valid by nbformat 4.5 and not executed yet.

    `own_data` and what is raised: as for `script`.
    """
    import nbformat

    sections = program(run, own_data)
    v4: Any = nbformat.v4  # without types
    made = v4.new_notebook(cells=_cells(run, sections), metadata=METADATA)
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"  # nbformat would draw them, and no two exports would be alike
    nbformat.validate(made)
    return f"{v4.writes(made)}\n"


def notebooks(selection: Selection) -> Iterator[bytes]:
    """The notebook of one run, or a zip of several."""
    return bundle.write(selection, "ipynb", lambda run, own_data: notebook(run, own_data).encode())


def _cells(run: Run, sections: Sequence[Section]) -> list[Any]:
    import nbformat

    v4: Any = nbformat.v4  # without types
    cells = [
        v4.new_markdown_cell("\n\n".join([f"# {header.title(run)}", *header.paragraphs(run, sections)])),
        v4.new_code_cell(header.imports(sections)),
    ]
    for section in sections:
        cells.append(v4.new_markdown_cell(f"## {section.title}\n\n{section.explanation}"))
        cells.append(v4.new_code_cell(section.code, metadata=FOLDED if section.packed else {}))
        if section.run:
            cells.append(v4.new_code_cell(section.run))
    return cells
