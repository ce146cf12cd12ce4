"""What stands at a program's start: what it reproduces, what it needs, and its imports."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from batchviz import __version__, datasets
from batchviz.exports.program.section import Section, plural
from batchviz.optimizers import OPTIMIZERS
from batchviz.records import Run
from batchviz.spec import RunSpec

BACKEND = 'os.environ["KERAS_BACKEND"] = "tensorflow"  # each backend draws other initial weights'


def title(run: Run) -> str:
    """What the program trains."""
    size = run.spec.batch_size
    return f"Batch size {size if size == 'full' else f'{size:,}'} on {datasets.find(run.spec.dataset).title.lower()}"


def paragraphs(run: Run, sections: Sequence[Section]) -> Iterator[str]:
    """What was trained, when, how far, how closely, and what the program needs. No text of a visitor is among it."""
    spec, plan = run.spec, run.spec.plan
    date = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(run.finished or run.created))
    optimizer, progress = OPTIMIZERS[spec.optimizer].title, run.progress
    yield (
        f"This trains run {run.id} of BatchViz again, with plain Keras and NumPy: {optimizer}, learning rate "
        f"{spec.learning_rate:g}, {plan.training_rows:,} training rows, seed {spec.seed}. It was recorded on {date}: "
        f"{run.status}, {plural(progress.updates, 'update')}, {progress.epochs:.6g} epochs, "
        f"{progress.seconds:.3g} s of training."
    )
    kind = "validation" if plan.validation_rows else "training"
    if exact(run.spec):
        how = f"at the same {kind} loss, to 1e-5 on the versions that recorded it"
    else:
        how = (
            f"near the same {kind} loss (in trials it was up to 4 % off). Only near it, because the true gradient of a "
            f"bias in front of batch normalisation is zero: what is computed is rounding, which {optimizer} scales up "
            "to whole steps"
        )
    yield f"The order of the examples is stated, so Keras takes the same updates and ends {how}."
    yield from (section.exception for section in sections if section.exception)
    yield f"Needs: pip install keras numpy tensorflow. Written by BatchViz {__version__}."


def exact(spec: RunSpec) -> bool:
    """Whether plain Keras ends at the same loss but for rounding; RMSprop's epsilon is far above that of a bias."""
    return not spec.batch_norm or spec.optimizer not in ("adam", "adamw")


def imports(sections: Sequence[Section]) -> str:
    """The import lines of a program: the standard library's, the backend, the others."""
    wanted = {"import os", *(line for section in sections for line in section.imports)}
    late = {"import keras", "import numpy as np", *(line for line in wanted if "tensorflow" in line)}
    return "\n".join([*sorted(wanted - late), "", BACKEND, "", *sorted(late)])
