"""A recorded run as a program for plain Keras and NumPy: the sections that the script and the notebook share.

The numbers must come out again, so each section says in plain Keras what `batchviz.training` does: the data (data),
the network with its optimiser (model), the loop (loop), the comparison with what was recorded (result). `Extent` is
how far a run came.
"""

from __future__ import annotations

from batchviz.errors import BatchVizError
from batchviz.experiment import datasets
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.records import Run, Source
from batchviz.exporters.codegen import check, data, loop, model
from batchviz.exporters.codegen.extent import Extent
from batchviz.exporters.codegen.section import Section

__all__ = ["Extent", "Section", "program", "why_not"]


def program(run: Run, own_data: OwnData | None = None) -> list[Section]:
    """The sections, in the order in which they run.

    `own_data`: all rows of the visitor's own data that the run learnt from, where they may go into the file. Raises
    BatchVizError for a run that no program reproduces.
    """
    if reason := why_not(run):
        raise BatchVizError(reason)
    extent = Extent.from_run(run)
    return [
        *data.sections(run.spec, own_data),
        model.section(run.spec),
        loop.section(run.spec, extent),
        check.section(run),
    ]


def why_not(run: Run) -> str:
    """Why no program reproduces this run; empty where one does."""
    if run.source is Source.HISTORY or datasets.find(run.spec.dataset).origin == "imported":
        return (
            "This run was trained by another program and imported: its model and its data are not known here, so "
            "no script can reproduce it. Keep the program it came from."
        )
    return ""
