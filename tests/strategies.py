"""Any RunSpec that can be trained, for property tests."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from batchviz.errors import SpecError
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.models import ACTIVATIONS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.spec import BUDGET_LIMITS, LEARNING_RATE_RULES, MAX_BATCH_SIZE, RunSpec

SEEDS = st.integers(0, 2**31 - 1)
BATCH_SIZES = st.one_of(st.integers(1, 300), st.integers(1, MAX_BATCH_SIZE), st.just("full"))


@st.composite
def specs(draw: st.DrawFn, **fixed: object) -> RunSpec:
    """Every field varies; `fixed` holds some of them still."""
    dataset = draw(st.sampled_from(list(DATASETS)))
    model = draw(st.sampled_from(["mlp", "convnet"])) if dataset == "digits" else "mlp"
    depth = st.integers(0, 6) if model == "mlp" else st.integers(1, 3)
    hidden = draw(depth.flatmap(lambda n: st.lists(st.integers(1, 2048), min_size=n, max_size=n)))
    unit = draw(st.sampled_from(list(BUDGET_LIMITS)))
    budget = draw(st.floats(0.01, 600) if unit == "seconds" else st.integers(1, 2000))
    starts = (
        draw(st.sets(st.integers(2, max(2, int(min(budget, 60)))), max_size=4)) if unit == "epochs" else ()
    )
    values = {
        "dataset": dataset,
        "rows": draw(st.integers(2, DATASETS[dataset].max_rows)),
        "noise": draw(st.floats(0, 10)),
        "data_seed": draw(SEEDS),
        "model": model,
        "hidden": hidden,
        "activation": draw(st.sampled_from(ACTIVATIONS)),
        "dropout": draw(st.floats(0, 0.9)) if hidden else 0.0,
        "batch_norm": bool(hidden) and draw(st.booleans()),
        "optimizer": draw(st.sampled_from(list(OPTIMIZERS))),
        "learning_rate": draw(st.floats(0, 1000)),
        "momentum": draw(st.floats(0, 1, exclude_max=True)),
        "learning_rate_rule": draw(st.sampled_from(list(LEARNING_RATE_RULES))),
        "base_batch_size": draw(st.integers(1, MAX_BATCH_SIZE)),
        "batch_size": draw(BATCH_SIZES),
        "batch_schedule": [(start, draw(BATCH_SIZES)) for start in sorted(starts)],
        "accumulation": draw(st.sampled_from([1, 1, 2, 3, 7, 1024])),
        "budget_unit": unit,
        "budget": budget,
        "validation_split": draw(st.one_of(st.just(0.0), st.floats(0.01, 0.99))),
        "seed": draw(SEEDS),
    }
    try:
        return RunSpec.parse(values | fixed)
    except SpecError:  # a split that leaves nothing, or millions of updates
        assume(False)
        raise
