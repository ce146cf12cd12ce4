"""The training in plain Keras: an epoch is one call of `fit` over the rows in the recorded order.

Micro-batches that are averaged, by examples, into one update are the same as one batch of all their examples, but
for layers that treat a batch as a whole (batch normalisation) or draw noise for it (dropout): there the batch is
taken apart again in front of the network. Keras' own gradient_accumulation_steps is something else: it weights every
micro-batch alike and carries those left over into the next epoch.
"""

from __future__ import annotations

from dataclasses import dataclass

from batchviz.experiment.spec import RunSpec
from batchviz.exporters.codegen.extent import Extent
from batchviz.exporters.codegen.section import Section, docstring, plural

DIVERGED_AT = 1.5
"""Times its start that a run's training loss may end at: that of `training.recorder`, which a test compares."""


@dataclass(frozen=True)
class Names:
    """What the loop calls that which may vary between runs: constants of the program, or arguments."""

    seed: str = "SEED"
    size: str = "BATCH_SIZE"
    epochs: str = "EPOCHS"
    last_examples: str = "LAST_EPOCH_EXAMPLES"

    @property
    def vary(self) -> bool:
        """Whether they are arguments."""
        return self != Names()


RULES = {
    "linear": ("In proportion to the examples an update averages.", "size / BASE_BATCH_SIZE"),
    "sqrt": ("By the square root of the examples an update averages.", "math.sqrt(size / BASE_BATCH_SIZE)"),
}


def section(spec: RunSpec, extent: Extent, names: Names = Names()) -> Section:
    """The function `train(model, x, y)`, which also takes what varies."""
    one_by_one = _one_by_one(spec)
    functions = [*_sizes(spec), *_rates(spec), *([MICRO_BATCHES] if one_by_one else [])]
    functions.append(_train(spec, extent, names, one_by_one=one_by_one))
    imports = ["import math"] if spec.learning_rate_rule == "sqrt" else []
    text = " ".join(_explanation(spec, extent, names, one_by_one=one_by_one))
    constants = "\n".join(_constants(spec, extent, names, one_by_one=one_by_one))
    code = "\n\n\n".join([*([constants] if constants else []), *functions])
    run = "" if names.vary else "train(model, x_train, y_train)"
    return Section("The training", text, code, run, tuple(imports))


def keras_batch_size(spec: RunSpec) -> int:
    """Examples a batch as the program's `fit` is told them."""
    return _size(spec, 0, one_by_one=_one_by_one(spec))


def _one_by_one(spec: RunSpec) -> bool:
    """Whether micro-batches pass through the network one after another."""
    return spec.accumulation > 1 and (spec.batch_norm or spec.dropout > 0)


def _explanation(spec: RunSpec, extent: Extent, names: Names, *, one_by_one: bool) -> list[str]:
    text = [
        "Epoch e (from 0) visits the training rows in the order "
        f"numpy.random.default_rng([{names.seed}, e]).permutation(TRAINING_ROWS), another one every epoch, so Keras "
        "does not shuffle. A last batch that is not full is an update of its own."
    ]
    if spec.accumulation > 1 and one_by_one:
        text.append(
            f"{spec.accumulation} micro-batches, or what is left of them at an epoch's end, are averaged into one "
            "update, each weighted by its examples. Each passes through the network by itself, since "
            f"{'batch normalisation' if spec.batch_norm else 'dropout'} sees one micro-batch at a time."
        )
    elif spec.accumulation > 1:
        text.append(
            f"The run accumulated {spec.accumulation} micro-batches an update, weighted by their examples. Without "
            "batch normalisation and dropout that is, but for rounding, one batch of all their examples: so "
            f"{names.size} here counts the examples of an update."
        )
    if extent.cut and extent.epochs and not names.vary:
        text.append(
            f"The run ended inside epoch {extent.epochs:,}, after {plural(extent.last_examples, 'example')} of it."
        )
    return [*text, extent.remark] if extent.remark else text


def _constants(spec: RunSpec, extent: Extent, names: Names, *, one_by_one: bool) -> list[str]:
    constants = [] if names.vary else [f"EPOCHS = {extent.epochs}"]
    if extent.cut and not names.vary:
        constants.append(f"LAST_EPOCH_EXAMPLES = {extent.last_examples}")
    if one_by_one:
        constants.append(f"ACCUMULATION = {spec.accumulation}  # micro-batches an update")
    if spec.learning_rate_rule != "fixed":
        constants.append(f"BASE_BATCH_SIZE = {spec.base_batch_size}")
    if names.vary:
        return constants
    if spec.batch_schedule:
        starts = sorted(
            {0, *(start - 1 for start, _ in spec.batch_schedule if start <= max(1, extent.epochs))}
        )
        sizes = ", ".join(f"{start}: {_size(spec, start, one_by_one=one_by_one)}" for start in starts)
        return [*constants, f"BATCH_SIZES = {{{sizes}}}  # from epoch (counted from 0): examples a batch"]
    return [*constants, f"BATCH_SIZE = {_size(spec, 0, one_by_one=one_by_one)}"]


def _size(spec: RunSpec, epoch: int, *, one_by_one: bool) -> int:
    """Examples a batch as Keras must cut them."""
    planned = spec.schedule.epoch(epoch)
    return planned.batch_size if one_by_one else planned.examples_per_update


def _sizes(spec: RunSpec) -> list[str]:
    if not spec.batch_schedule:
        return []
    return [
        f"""def batch_size(epoch):
{docstring("Examples a batch in an epoch, counted from 0.")}
    return BATCH_SIZES[max(start for start in BATCH_SIZES if start <= epoch)]"""
    ]


def _rates(spec: RunSpec) -> list[str]:
    if spec.learning_rate_rule == "fixed":
        return []
    text, scale = RULES[spec.learning_rate_rule]
    return [f"def learning_rate(size):\n{docstring(text)}\n    return LEARNING_RATE * ({scale})"]


def _train(spec: RunSpec, extent: Extent, names: Names, *, one_by_one: bool) -> str:
    size = "batch_size(epoch)" if spec.batch_schedule else names.size
    order = f"np.random.default_rng([{names.seed}, epoch]).permutation(TRAINING_ROWS)"
    lines = [f"for epoch in range({names.epochs}):", f"    order = {order}"]
    if one_by_one:
        lines = [
            "batches = MicroBatches(model)",
            "batches.compile(optimizer=model.optimizer, loss=model.loss, run_eagerly=True)",
            *lines,
        ]
    if extent.cut or names.vary:
        lines += [f"    if epoch == {names.epochs} - 1:", f"        order = order[:{names.last_examples}]"]
    if spec.learning_rate_rule != "fixed":
        update = f"min({size} * ACCUMULATION, TRAINING_ROWS)" if one_by_one else size
        lines.append(f"    model.optimizer.learning_rate = learning_rate({update})")
    if one_by_one:
        lines.append(f"    batches.size = {size}")
    lines += [
        f"    {'' if names.vary else 'history = '}{'batches' if one_by_one else 'model'}.fit(",
        "        x[order],",
        "        y[order],",
        f"        batch_size={size}{' * ACCUMULATION' if one_by_one else ''},",
        "        epochs=epoch + 1,",
        "        initial_epoch=epoch,",
        "        shuffle=False,",
        "        verbose=0,",
        "    )",
    ]
    arguments, text = "model, x, y", "Train the model in place, as far as the recorded run came."
    if names.vary:
        arguments = ", ".join([arguments, names.size, names.epochs, names.last_examples, names.seed])
        text = "Train the model in place."
    else:
        lines.append('    loss = history.history["loss"][0]')
        lines.append(
            '    print(f"epoch {epoch + 1} of {EPOCHS}: mean loss of the batches {loss:.6g}", flush=True)'
        )
    body = "\n".join(f"    {line}" for line in lines)
    return f"def train({arguments}):\n{docstring(text)}\n{body}"


MICRO_BATCHES = '''class MicroBatches(keras.Model):
    """Passes a batch through the network in micro-batches of `size` examples, one after another."""

    def __init__(self, network):
        super().__init__()
        self.network, self.size = network, None

    def call(self, x, training=False):
        if not training:
            return self.network(x)
        parts = [x[first : first + self.size] for first in range(0, len(x), self.size)]
        return keras.ops.concatenate([self.network(part, training=True) for part in parts])'''
