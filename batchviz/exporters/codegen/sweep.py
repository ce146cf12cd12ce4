"""A whole sweep as one script of plain Keras and NumPy: every run, the choice of each batch size's rate, the report.

The functions are those of a single run's script, with what varies as their arguments.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from batchviz.errors import BatchVizError
from batchviz.experiment import datasets
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.environment import __version__
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.exporters.codegen import data, header, loop, model
from batchviz.exporters.codegen.extent import Extent
from batchviz.exporters.codegen.section import WIDTH, Section, comment

NAMES = loop.Names(seed="seed", size="size", epochs="epochs", last_examples="last_examples")

_RUN = '''def run(batch_size, learning_rate, seed):
    """Train one run; its validation loss, or infinity if it diverged."""
    size, epochs, last_examples = BATCH_SIZES[batch_size]
    keras.utils.clear_session()
    model = build(seed, learning_rate)
    start = model.evaluate(x_train, y_train, batch_size=2048, verbose=0)[0]
    train(model, x_train, y_train, size, epochs, last_examples, seed)
    end = model.evaluate(x_train, y_train, batch_size=2048, verbose=0)[0]
    loss = model.evaluate(x_val, y_val, batch_size=2048, verbose=0)[0]
    if not end <= DIVERGED_AT * abs(start):
        loss = float("inf")
    recorded = RECORDED.get((batch_size, learning_rate, seed))
    beside = "" if recorded is None else f", recorded {recorded:.9g}"
    print(f"B = {batch_size}, rate {learning_rate:g}, seed {seed}: {loss:.9g}{beside}", flush=True)
    return loss'''

_SWEEP = '''def sweep():
    """Every run of the grid, then those at the rates of least mean loss; losses by (batch size, rate, seed)."""
    losses = {}
    for seed in SEEDS:
        for batch_size in BATCH_SIZES:
            for rate in LEARNING_RATES:
                losses[batch_size, rate, seed] = run(batch_size, rate, seed)
    best = dict(BEST_RATES)
    for batch_size in BATCH_SIZES:
        means = {rate: np.mean([losses[batch_size, rate, seed] for seed in SEEDS]) for rate in LEARNING_RATES}
        rate = min(means, key=means.get)
        if np.isfinite(means[rate]):
            best.setdefault(batch_size, rate)
    for batch_size, rate in best.items():
        for seed in REPORT_SEEDS:
            if (batch_size, rate, seed) not in losses:
                losses[batch_size, rate, seed] = run(batch_size, rate, seed)
    print("batch size, best rate, mean validation loss of the report seeds")
    for batch_size, rate in best.items():
        mean = np.mean([losses[batch_size, rate, seed] for seed in REPORT_SEEDS])
        print(f"{batch_size:>10}, {rate:g}, {mean:.6g}")
    return losses'''


def sweep_script(
    spec: SweepSpec,
    recorded: Mapping[RunSpec, float] = MappingProxyType({}),
    chosen: Mapping[BatchSize, float] = MappingProxyType({}),
    own_data: OwnData | None = None,
) -> str:
    """The file's text.

    `recorded` are final validation losses to be printed beside those that come out; `chosen` the rates of sizes whose
    choice rests on more than these (a target). Raises BatchVizError for what no program reproduces.
    """
    if datasets.find(spec.base.dataset).origin == "imported":
        raise BatchVizError(
            "Its data was trained on elsewhere and is not known here: no script can repeat it."
        )
    sections = [*data.sections(spec.base, own_data), *_sections(spec, recorded, chosen)]
    head = "\n\n".join(textwrap.fill(text, WIDTH) for text in _paragraphs(spec, sections))
    title = f'"""A sweep over batch sizes on {datasets.find(spec.base.dataset).title.lower()}.'
    start = f'{title}\n\n{head}\n"""\n\n{header.imports(sections)}'
    read = [f"{comment(each.explanation)}\n{each.code}" for each in sections if not each.packed]
    packed = [each.code for each in sections if each.packed]
    steps = "\n".join(each.run for each in sections if each.run)
    main = f'if __name__ == "__main__":\n{textwrap.indent(steps, "    ")}'
    return "\n\n\n".join([start, *read, *packed, main]) + "\n"


def _sections(
    spec: SweepSpec, recorded: Mapping[RunSpec, float], chosen: Mapping[BatchSize, float]
) -> Iterator[Section]:
    base = spec.base
    yield model.section(base, varied=True)
    yield loop.section(base, _extent(base), names=NAMES)
    sizes = "\n".join(f"    {size!r}: {_size(spec, size)}," for size in spec.batch_sizes)
    values = "\n".join(
        f"    {(run.batch_size, run.learning_rate, run.seed)!r}: {loss!r}," for run, loss in recorded.items()
    )
    constants = [
        f"BATCH_SIZES = {{  # by name: examples a batch, epochs, examples of the last epoch\n{sizes}\n}}",
        f"LEARNING_RATES = {spec.learning_rates!r}",
        f"SEEDS = {spec.selection_seeds!r}  # that choose the rates",
        f"REPORT_SEEDS = {spec.reported_seeds!r}",
        f"BEST_RATES = {dict(chosen)!r}  # that are given; the others are chosen here",
        f"DIVERGED_AT = {loop.DIVERGED_AT!r}  # times its start that a training loss may end at",
        f"RECORDED = {{\n{values}\n}}" if values else "RECORDED = {}",
    ]
    text = (
        "The rate of a batch size is the one of least mean validation loss over SEEDS, of those at which no seed "
        "diverged. What is reported comes from REPORT_SEEDS: the least of several means looks better than it is."
    )
    code = "\n".join(constants) + f"\n\n\n{_RUN}\n\n\n{_SWEEP}"
    yield Section("The sweep", text, code, "losses = sweep()")


def _size(spec: SweepSpec, size: BatchSize) -> tuple[int, int, int]:
    run = spec.base.replace(batch_size=size)
    extent = _extent(run)
    return loop.keras_batch_size(run), extent.epochs, extent.last_examples


def _extent(spec: RunSpec) -> Extent:
    """That of its whole budget."""
    plan = plan_for(spec)
    assert plan.examples is not None, "a sweep's budget is not in seconds"
    return Extent.of_examples(plan.examples, plan.training_rows)


def _paragraphs(spec: SweepSpec, sections: list[Section]) -> Iterator[str]:
    yield (
        f"This trains {spec.count_runs():,} runs again with plain Keras and NumPy: {spec.extent}; "
        f"{OPTIMIZERS[spec.base.optimizer].title}, {spec.training_rows:,} training rows, {spec.updates:,} updates in "
        "all. Keras' fit, one run after another, takes far longer than BatchViz does."
    )
    yield (
        "The order of the examples is stated, so Keras takes the same updates and ends at the same validation losses, "
        "to 1e-5 on the versions that recorded them. (Rounding differs, though, and in long trainings such differences "
        "grow.)"
    )
    yield from (section.exception for section in sections if section.exception)
    yield f"Needs: pip install keras numpy tensorflow. Written by BatchViz {__version__}."
