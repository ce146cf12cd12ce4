"""How a visitor's table was read and prepared, a sentence a finding."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from batchviz.experiment.table_findings import (
    ClassTarget,
    ColumnRemarks,
    DroppedRows,
    FilledGaps,
    Finding,
    KindInputs,
    LeftOutColumns,
    MarkedEncoding,
    MissingWords,
    NamelessColumns,
    NoHeadings,
    NumberTarget,
    OrderedRows,
    RepeatedNames,
    SampledRows,
    SingleRowClasses,
    TableShape,
    WindowsEncoding,
)
from batchviz.text.column import quoted, reason, remarks
from batchviz.text.numbers import MAX_LISTED, count, form, listing, percent, quantity

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""Between the values of a text file."""
_RULES = {
    "numbers": "standardised to mean 0 and standard deviation 1 over {rows}",
    "dates": "days since 1 January 1970, standardised like numbers",
    "yes/no": "no is 0, yes is 1",
    "categories": "one input a value, in sorted order (up to {most} values)",
}
_TITLES = {"numbers": "Numbers", "dates": "Dates", "yes/no": "Yes or no", "categories": "Categories"}


def sentences(explanation: Sequence[Finding | str]) -> list[str]:
    """A sentence a finding; those that are stored as sentences already as they are."""
    return [finding if isinstance(finding, str) else sentence(finding) for finding in explanation]


@functools.singledispatch
def sentence(finding: Finding) -> str:
    """What was found or done."""
    raise AssertionError(f"no words for {type(finding).__name__}")


@sentence.register
def _(finding: TableShape) -> str:
    size = f"{count(finding.rows, 'row')} and {count(finding.columns, 'column')}"
    if not finding.separator:
        return f"A Parquet file of {size}."
    return f"A text file of {size}, separated by {SEPARATORS[finding.separator]}."


@sentence.register
def _(finding: MarkedEncoding) -> str:
    return f"Read as {finding.encoding.upper()}, as the file's byte order mark says."


@sentence.register
def _(finding: WindowsEncoding) -> str:
    where = f"byte {quantity(finding.byte)} of the file (line {quantity(finding.line)})"
    return f"Read as Windows-1252, because {where} is not UTF-8."


@sentence.register
def _(finding: SampledRows) -> str:
    which = "A random sample of" if finding.at_random else "The first"
    return f"{which} {quantity(finding.rows)} of the file's {quantity(finding.total)} rows."


@sentence.register
def _(finding: NoHeadings) -> str:
    return "The first line holds values rather than names: the columns are named by number."


@sentence.register
def _(finding: NamelessColumns) -> str:
    return f"{count(finding.columns, 'column')} without a name: named by number."


@sentence.register
def _(finding: RepeatedNames) -> str:
    return f"Repeated names were numbered: {listing(finding.names, MAX_LISTED)}."


@sentence.register
def _(finding: ColumnRemarks) -> str:
    return f"{quoted(finding.column) if finding.quoted else finding.column}: {remarks(finding.remarks)}"


@sentence.register
def _(finding: NumberTarget) -> str:
    unit = " days since 1970" if finding.days else ""
    if finding.mean is None or finding.deviation is None:
        sizes = "numbers too large to state"
    else:
        sizes = f"mean {_written(finding.mean)}{unit}, standard deviation {_written(finding.deviation)}"
    rows = "all rows" if not finding.over_training_rows else "the training rows of each run"
    stated = f"over all rows: {sizes}" if finding.over_training_rows else sizes
    return (
        f"Target {quoted(finding.column)}: a number, standardised over {rows} ({stated}). An MSE of 1 is "
        f"{'about ' * finding.over_training_rows}what always answering the mean scores; an MAE of 0.5 is off by half a "
        "standard deviation."
    )


@sentence.register
def _(finding: ClassTarget) -> str:
    return (
        f"Target {quoted(finding.column)}: {count(finding.classes, 'class', 'classes')}. Always answering the "
        f"commonest, {quoted(finding.commonest)}, is right in {percent(round(finding.share, 2))} of the rows."
    )


@sentence.register
def _(finding: SingleRowClasses) -> str:
    names = listing(finding.classes, MAX_LISTED)
    return f"Classes with a single row: {names}. It is either trained on or validated on, never both."


@sentence.register
def _(finding: DroppedRows) -> str:
    gone = f"{count(finding.dropped, 'row')} without a target {form(finding.dropped, 'was', 'were')} dropped"
    return f"{gone}: {quantity(finding.rows)} remain."


@sentence.register
def _(finding: KindInputs) -> str:
    several = finding.kind == "categories"
    rows = (
        "the training rows of each run"
        if finding.over_training_rows
        else "all rows, validation rows included"
    )
    names = [f"{name}: {inputs}" if several else name for name, inputs in finding.columns]
    rule = _RULES[finding.kind].format(most=finding.most, rows=rows)
    return f"{_TITLES[finding.kind]} ({listing(names, MAX_LISTED)}): {rule}."


@sentence.register
def _(finding: FilledGaps) -> str:
    names = listing([f"{name}: {quantity(missing)}" for name, missing in finding.columns], MAX_LISTED)
    if finding.categories:
        return f"A missing category is a category of its own, the last ({names})."
    mean = "mean over the training rows" if finding.over_training_rows else "mean"
    return f"Missing values become the column's {mean}, and one more input says where ({names})."


@sentence.register
def _(finding: MissingWords) -> str:
    return "Empty cells and the words NA, N/A, NaN, null, ? and - count as missing."


@sentence.register
def _(finding: OrderedRows) -> str:
    order = f"in order of {quoted(finding.column)}" if finding.column else "in the file's order"
    return f"The rows stay {order}: the last ones are held out, not a random part."


@sentence.register
def _(finding: LeftOutColumns) -> str:
    return f"Left out: {listing([f'{refused.column} ({reason(refused)})' for refused in finding.columns], MAX_LISTED)}."


def _written(number: float) -> str:
    return f"{number:,.0f}" if 1e4 <= abs(number) < 1e12 else f"{number:.4g}"
