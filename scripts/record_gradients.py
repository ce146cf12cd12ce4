"""`python -m scripts.record_gradients`: measure the batch gradients of the lesson on noise, into batchviz/recorded.

TensorFlow computes the gradient of every training row at the first weights of the lesson's runs, which never move: its
learning rate is 0. Dates and versions are written into the file, and shown with it.
"""

from __future__ import annotations

import numpy as np

from batchviz import lessons
from batchviz.analysis.gradients import scatter
from batchviz.experiment.order import order
from batchviz.experiment.plan import plan_for
from batchviz.recorded.gradients import FILE
from scripts.record_opening import origin

LESSON = "noise"
EPOCHS = 50


def main() -> None:
    """Measure and write."""
    from batchviz.training.gradients import row_gradients

    lesson = lessons.get(LESSON)
    spec = lesson.base
    rows = plan_for(spec).training_rows
    sizes = [int(member.batch_size) for member in lesson.members]
    each = row_gradients(spec)
    found = scatter(each, (order(rows, seed=spec.seed, epoch=epoch) for epoch in range(EPOCHS)), sizes)
    np.savez_compressed(
        FILE,
        spec=np.array(spec.model_dump_json()),
        note=np.array(origin()),
        rows=rows,
        parameters=found.parameters,
        length=found.length,
        variance=found.variance,
        in_plane=found.in_plane,
        batch_sizes=np.array(sizes),
        noise=np.array([arrows.noise for arrows in found.arrows]),
        epochs=EPOCHS,
        **{f"tips_{arrows.batch_size}": arrows.tips.astype(np.float32) for arrows in found.arrows},
    )
    print(found._replace(arrows=()), [(a.batch_size, a.noise, a.law) for a in found.arrows])


if __name__ == "__main__":
    main()
