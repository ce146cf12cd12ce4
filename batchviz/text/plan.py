"""What a plan has to say before anything runs: where a setting does not fit exactly."""

from __future__ import annotations

from batchviz.analysis.differences import label
from batchviz.experiment.plan import Note, OversizedBatch, Plan, SplitRounding, UnevenAccumulation
from batchviz.experiment.spec import RunSpec
from batchviz.text.names import details
from batchviz.text.numbers import quantity


def described(spec: RunSpec, seeds: int) -> str:
    """The run, or the runs, that facts are about: `B = 32, Adam, lr 0.001, 16 relu, seeds 0 to 2`."""
    settings = details(spec)
    if seeds > 1:
        settings = settings.replace(f"seed {spec.seed}", f"seeds {spec.seed} to {spec.seed + seeds - 1}")
    return f"{label(spec)}, {settings}"


def follows(plan: Plan) -> str:
    """What a screen reader is told after a setting was moved: `Updates an epoch now 100, 1,000 in all.`"""
    whole = "" if plan.updates is None else f", {quantity(plan.updates)} in all"
    return f"Updates an epoch now {quantity(plan.first.updates)}{whole}."


def notes(plan: Plan) -> list[str]:
    """What happens where a setting does not fit exactly, a paragraph each."""
    return [note(code) for code in plan.notes]


def note(code: Note) -> str:
    """One of them."""
    match code:
        case SplitRounding(rows, split, training_rows):
            return (
                f"Keras computes the split in floating point and rounds down: {split:g} of "
                f"{quantity(rows)} rows leaves {quantity(training_rows)} for training."
            )
        case OversizedBatch(from_epoch, batch_size, rows):
            return (
                f"{_from(from_epoch)}Batch size {quantity(batch_size)} is larger than the {quantity(rows)} training "
                f"rows: as in Keras, every batch holds all {quantity(rows)} rows, so this is full-batch training."
            )
        case UnevenAccumulation(from_epoch, batches, accumulation, batch_size, last_update):
            return (
                f"{_from(from_epoch)}{quantity(batches)} micro-batches an epoch do not divide into groups of "
                f"{accumulation} x {batch_size}: the last update of an epoch averages the "
                f"{quantity(last_update)} examples that are left. "
                "(Keras' own gradient_accumulation_steps would carry them into the next epoch.)"
            )


def _from(epoch: int) -> str:
    return f"From epoch {epoch + 1}: " if epoch else ""
