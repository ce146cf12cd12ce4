"""What measurements inside epochs cost: the article's ladder with and without them, turn about."""

from __future__ import annotations

import statistics
from collections.abc import Collection

from batchviz.experiment.moments import FREE_SECONDS, SHARE, moments, of_a_race
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import BatchSize, RunSpec
from benchmarks.peer import CLOCK
from benchmarks.row import Row

LADDER: tuple[BatchSize, ...] = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, "full")


def rows(repeats: int) -> list[Row]:
    """How long a run takes with them, alone and as a member of a race of the whole ladder, and without.

    Of whole runs, from a warm model, without the process and the database around them.
    """
    specs = [RunSpec(batch_size=size) for size in LADDER]
    table = []
    for spec, measure_at in zip(specs, of_a_race(specs), strict=True):
        ways = ((), moments(plan_for(spec)), moments(plan_for(spec), measure_at))
        taken: list[list[float]] = [[], [], []]
        for sample in range(4 * repeats + 1):
            for way, times in zip(ways, taken, strict=True):
                seconds = _seconds(spec, way)
                times += [1e3 * seconds] if sample else []
        without, alone, raced = taken
        name = f"measured inside epochs, B = {spec.batch_size}"
        note = "article's network, 10 epochs, against a run that measures at epochs' ends alone"
        # A tenth, or in short runs some milliseconds; what a race asks for is measured whatever it costs.
        usual = statistics.median(without)
        target = max(1 + SHARE, 1 + 1e3 * FREE_SECONDS / usual)
        table.append(Row(name, alone, without, "ms", "within", target, note))
        table.append(Row(f"{name}, in a race", raced, without, "ms", "within", target + SHARE, note))
    return table


def _seconds(spec: RunSpec, measure_at: Collection[int]) -> float:
    from batchviz.training.fit import fit
    from batchviz.training.loop import Loop
    from batchviz.training.run import arrays, cached_model

    x, y = arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, None, plan_for(spec).training_rows)
    entry = cached_model(spec)
    entry.start_from(spec)
    entry.loop = entry.loop or Loop(entry.model, x, y)
    begun = CLOCK()
    fit(
        entry.model,
        x,
        y,
        batch_size=spec.batch_size,
        validation_split=spec.validation_split,
        epochs=int(spec.budget),
        loop=entry.loop,
        measure_at=measure_at,
        verbose=0,
    )
    return CLOCK() - begun
