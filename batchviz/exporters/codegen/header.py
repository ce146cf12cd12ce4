"""What stands at a program's start: what it reproduces, what it needs, and its imports."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from batchviz.experiment import datasets
from batchviz.experiment.environment import __version__
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.records import Run
from batchviz.exporters.codegen.section import Section, plural

BACKEND = 'os.environ["KERAS_BACKEND"] = "tensorflow"  # each backend draws other initial weights'


def title(run: Run) -> str:
    """What the program trains."""
    size = run.spec.batch_size
    return f"Batch size {size if size == 'full' else f'{size:,}'} on {datasets.find(run.spec.dataset).title.lower()}"


def paragraphs(run: Run, sections: Sequence[Section]) -> Iterator[str]:
    """What was trained, when, how far, how closely, and what the program needs. No text of a visitor is among it."""
    spec, plan = run.spec, run.plan
    date = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(run.finished or run.created))
    optimizer, progress = OPTIMIZERS[spec.optimizer].title, run.progress
    yield (
        f"This trains run {run.id} of BatchViz again, with plain Keras and NumPy: {optimizer}, learning rate "
        f"{spec.learning_rate:g}, {plan.training_rows:,} training rows, seed {spec.seed}. It was recorded on {date}: "
        f"{run.status}, {plural(progress.updates, 'update')}, {progress.epochs:.6g} epochs, "
        f"{progress.seconds:.3g} s of training."
    )
    kind = "validation" if plan.validation_rows else "training"
    yield (
        "The order of the examples is stated, so Keras takes the same updates and ends at the same "
        f"{kind} loss, to 1e-5 on the versions that recorded it. (Rounding differs, though, and where a long training "
        "takes one example across the kink of a relu, such a difference grows beyond that.)"
    )
    yield from (section.exception for section in sections if section.exception)
    yield f"Needs: pip install keras numpy tensorflow. Written by BatchViz {__version__}."


def imports(sections: Sequence[Section]) -> str:
    """The import lines of a program: the standard library's, the backend, the others."""
    imports = {"import os", *(line for section in sections for line in section.imports)}
    return "\n".join([*sorted(imports), "", BACKEND, "", "import keras", "import numpy as np"])
