"""A run as a Keras script: one readable Python file that reproduces it with plain Keras and NumPy."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from batchviz.experiment.own_data import OwnData
from batchviz.experiment.records import Run
from batchviz.exporters.codegen import bundle, header, program
from batchviz.exporters.codegen.section import WIDTH, Section, comment
from batchviz.exporters.selection import Selection


def script(run: Run, own_data: OwnData | None = None) -> str:
    """The file's text.

    `own_data`: all rows of the visitor's own data, where the run learnt from it and they may leave with the script.
    Raises BatchVizError for a run that was trained by another program.
    """
    sections = program(run, own_data)
    head = "\n\n".join(textwrap.fill(text, WIDTH) for text in header.paragraphs(run, sections))
    read = [_part(section) for section in sections if not section.packed]
    packed = [section.code for section in sections if section.packed]
    steps = "\n".join(section.run for section in sections if section.run)
    main = f'if __name__ == "__main__":\n{textwrap.indent(steps, "    ")}'
    start = f'"""{header.title(run)}.\n\n{head}\n"""\n\n{header.imports(sections)}'
    return "\n\n\n".join([start, *read, *packed, main]) + "\n"


def scripts(selection: Selection) -> Iterator[bytes]:
    """The script of one run, or a zip of several."""
    return bundle.write(selection, "py", lambda run, own_data: script(run, own_data).encode())


def _part(section: Section) -> str:
    return f"{comment(section.explanation)}\n{section.code}"
