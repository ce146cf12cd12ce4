"""What a plan has to say before anything runs: where a setting does not fit exactly, and how low a loss can get."""

from __future__ import annotations

from batchviz.experiment.datasets import Floor, FloorReason
from batchviz.experiment.plan import Note, OversizedBatch, Plan, SplitRounding, UnevenAccumulation
from batchviz.text.numbers import number, quantity


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


def floor_reason(floor: Floor | None) -> str:
    """Why no model can do better; empty where nobody knows how far one can get."""
    if floor is None:
        return ""
    if floor.reason is FloorReason.RANDOM_TARGETS:
        return (
            "The targets are random and independent of the inputs. The best possible answer is always "
            "0.5, with MSE 1/12 and MAE 1/4. Training loss below that is memorising, not learning."
        )
    return (
        f"The targets carry Gaussian noise of standard deviation {floor.noise:g}: a perfect model still has "
        f"MSE {number(floor.loss)} and MAE {number(floor.metric)} on data it has not seen."
    )


def _from(epoch: int) -> str:
    return f"From epoch {epoch + 1}: " if epoch else ""
