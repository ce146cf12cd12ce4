"""How another program's history was read: a sentence a finding, and the readings that it leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.experiment.history_findings import (
    DIVERGED,
    JOINED,
    LAST,
    Choice,
    EpochsMissing,
    EpochsRestart,
    Finding,
    HeadingsRepeated,
    Mark,
    NanUnmeasured,
    PerCent,
    SeveralAnEpoch,
    TakenAs,
    ValidatedEvery,
)
from batchviz.text.numbers import count, form

QUESTIONS = {
    Choice.DECIMAL_MARK: "Decimal mark",
    Choice.NAN: "NaN at the end",
    Choice.PART: "Epochs that start again",
    Choice.EVERY: "Validated",
}


def sentence(finding: Finding) -> str:
    """What was found, and what was made of it. Column names are a stranger's text."""
    match finding:
        case Mark(column, word, value):
            return f"{quoted(column)}: {quoted(word)} is read as {value:.10g}."
        case NanUnmeasured(column, epochs):
            return f"{quoted(column)} is NaN in {count(epochs, 'epoch')}: read as not measured."
        case HeadingsRepeated(lines):
            where = (
                f"line {lines[0]:,}"
                if len(lines) == 1
                else f"{len(lines):,} lines, the first of them {lines[0]:,}"
            )
            return f"The headings stand again on {where}: passed over."
        case EpochsRestart(line, _, parts, taken, trainings) if trainings:
            what = {LAST: "the last one is shown", JOINED: "shown one after the other, as one training"}.get(
                taken, f"number {taken} is shown"
            )
            return f"On line {line:,} the epochs start again: {count(parts, 'training')} in one file; {what}."
        case EpochsRestart(line, epoch, _, taken, _):
            what = (
                "all lines are shown, one after the other"
                if taken == JOINED
                else "the later lines are shown, as after resuming from a checkpoint"
            )
            return f"On line {line:,} the file is back at epoch {epoch:,}: {what}."
        case EpochsMissing(first, epochs):
            more = f", the first of them epoch {first:,}" if epochs > 1 else f": epoch {first:,}"
            return f"{count(epochs, 'epoch')} {form(epochs, 'has', 'have')} no line{more}. Shown as not measured."
        case ValidatedEvery(every, values, epochs):
            return (
                f"{count(values, 'validation value')} for {count(epochs, 'epoch')}: taken as measured after every "
                f"{every:,} epochs."
            )
        case PerCent(column, value):
            return f"{quoted(column)} is in per cent: {value:g} is read as {value / 100:g}."
        case TakenAs(column, name):
            return f"{quoted(column)} is taken as {name}."
        case SeveralAnEpoch(column, epoch):
            return f"{quoted(column)} has several values in epoch {epoch:,}, so none is that of the epoch: not shown."


def option(choice: Choice, value: str) -> str:
    """One reading of what is open, as a person chooses it."""
    if choice is Choice.DECIMAL_MARK:
        return "Point (1.234 is about 1)" if value == "." else "Comma (1,234 is about 1)"
    if choice is Choice.NAN:
        return "The loss was no number: diverged" if value == DIVERGED else "Nothing was measured"
    if choice is Choice.EVERY:
        return f"Every {value} epochs"
    named = {LAST: "The later lines take over", JOINED: "One training, all lines in a row"}
    return named.get(value, f"Training {value} alone")


def batch_sizes_in_names(names: Sequence[str]) -> str:
    """Offers what may be batch sizes: `Take b4, b32 as the batch sizes`."""
    listed_names = ", ".join(names[:4]) + (f" and {len(names) - 4:,} more" if len(names) > 4 else "")
    what = form(len(names), "batch size", "batch sizes")
    return f"Take {listed_names} as the {what}"


def quoted(text: str) -> str:
    """A stranger's word in a sentence, as long as one that can be read."""
    return f"“{text[:40]}”"
