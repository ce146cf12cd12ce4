"""How a visitor's table was read and prepared, a sentence a finding."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from batchviz.experiment.table_findings import (
    BecomesInputs,
    ClassTarget,
    ColumnRemarks,
    DateOrder,
    DroppedRows,
    Fate,
    FilledGaps,
    Finding,
    InfiniteValues,
    KindInputs,
    LeftOut,
    LeftOutColumns,
    LikelyMark,
    LostValues,
    MarkedEncoding,
    MissingMarks,
    MissingWords,
    MostlyNumbers,
    NamelessColumns,
    NoHeadings,
    NumberNotation,
    NumberTarget,
    OrderedDates,
    OrderedRows,
    Reason,
    Remark,
    RepeatedNames,
    SampledRows,
    SeveralUnits,
    SingleRowClasses,
    TableShape,
    UnsupportedType,
    Way,
    WayToRead,
    WindowsEncoding,
)
from batchviz.text.numbers import count, form, percent, quantity

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""Between the values of a text file."""
_RULES = {
    "numbers": "standardised to mean 0 and standard deviation 1 over {rows}",
    "dates": "days since 1 January 1970, standardised like numbers",
    "yes/no": "no is 0, yes is 1",
    "categories": "one input a value, in sorted order (up to {most} values)",
}
_TITLES = {"numbers": "Numbers", "dates": "Dates", "yes/no": "Yes or no", "categories": "Categories"}
_FATES = {"numbers": "standardised", "dates": "days since 1970, standardised", "yes/no": "no is 0, yes is 1"}
_ORDERS = {
    DateOrder.MONTH_FIRST: "month before day, because the second number exceeds 12",
    DateOrder.DAY_FIRST: "day before month",
    DateOrder.ASSUMED_DAY_FIRST: "day before month, which nothing in the column contradicts",
    DateOrder.CHOSEN_DAY_FIRST: "day before month, as chosen",
    DateOrder.CHOSEN_MONTH_FIRST: "month before day, as chosen",
}
_REASONS = {
    Reason.CHOSEN: "as chosen",
    Reason.COUNTS_ROWS: "it counts the rows",
    Reason.NUMBERS_ROWS: "another whole number in every row, like a row number",
    Reason.NEVER_REPEATS: "every row has another value",
    Reason.EMPTY: "it is empty",
    Reason.CONSTANT: "the same in every row",
}


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
    return f"Repeated names were numbered: {listed(finding.names)}."


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
    names = listed(finding.classes)
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
    return f"{_TITLES[finding.kind]} ({listed(names)}): {_RULES[finding.kind].format(most=finding.most, rows=rows)}."


@sentence.register
def _(finding: FilledGaps) -> str:
    names = listed([f"{name}: {quantity(missing)}" for name, missing in finding.columns])
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
    return f"Left out: {listed([f'{refused.column} ({reason(refused)})' for refused in finding.columns])}."


def fate(becomes: Fate) -> str:
    """What happens to a column, a phrase: `standardised`, `left out: it is empty`."""
    if isinstance(becomes, LeftOut):
        why = reason(becomes)
        return f"left out, {why}" if becomes.reason is Reason.CHOSEN else f"left out: {why}"
    return _used(becomes)


def _used(becomes: BecomesInputs) -> str:
    if becomes.kind == "categories":
        return f"{becomes.inputs} inputs, one a value" + (" and one for missing" if becomes.missing else "")
    if not becomes.missing:
        return _FATES[becomes.kind]
    if becomes.inputs == 1:
        return "only whether it is missing: otherwise it is always the same"
    return f"{_FATES[becomes.kind]}; missing: the mean, and an input that says so"


def reason(left_out: LeftOut) -> str:
    """Why a column becomes no input, a phrase."""
    if left_out.reason is Reason.TOO_MANY_TEXTS:
        return f"{quantity(left_out.texts)} different texts, at most {left_out.most} become inputs"
    if left_out.reason is Reason.UNSUPPORTED:
        return f"it holds values of the type {left_out.type}"
    return _REASONS[left_out.reason]


def way(chosen: WayToRead) -> str:
    """One of the ways in which a column can be read: `“1.200” is 1,200`."""
    if chosen.way in (Way.POINT, Way.COMMA):
        whole = chosen.value == round(chosen.value)
        return f"{quoted(chosen.word)} is {quantity(chosen.value) if whole else f'{chosen.value:.10g}'}"
    if chosen.way is Way.NUMBER:
        return f"{quoted(chosen.word)} is the number {quantity(chosen.value)}"
    if chosen.way is Way.KEPT:
        return f"{quoted(chosen.word)} is a value like any other"
    if chosen.way is Way.MISSING:
        return f"{quoted(chosen.word)} means missing, in {count(int(chosen.value), 'row')}"
    day = np.datetime64(int(chosen.value // 1), "D").item()
    return f"{quoted(chosen.word)} is {day.day} {day:%B %Y}"


def remarks(noted: Sequence[Remark]) -> str:
    """What was decided about a column when it was read."""
    return " ".join(map(_remark, noted))


def _remark(remark: Remark) -> str:
    match remark:
        case InfiniteValues(values):
            return f"{count(values, 'infinite value')} {form(values, 'counts', 'count')} as missing."
        case UnsupportedType(type):
            return f"It holds values of the type {type}."
        case NumberNotation(word, value, other, unit, without):
            apart = "" if other is None else f", not as {other:.10g}"
            plain = f" {count(without, 'number')} without {quoted(unit)} {form(without, 'counts', 'count')} the same."
            return f"{quoted(word)} is read as {value:.10g}{apart}." + plain * bool(without)
        case MissingMarks(values, words):
            marks = listed([quoted(word) for word in words], 3)
            return f"{count(values, 'value')} {form(values, 'counts', 'count')} as missing: {marks}."
        case LikelyMark(value, rows):
            where = f"{quoted(f'{value:g}')} stands in {count(rows, 'row')}, far from every other value"
            return (
                f"{where}: if it means missing, choose that reading, or empty those cells and upload again."
            )
        case SeveralUnits(units):
            return f"Its numbers have several units ({listed(units, 3)}), so they are no one quantity."
        case LostValues(what, values, example):
            noun = "finite number" if what == "number" else "date"
            lost = f"{count(values, 'value')} {form(values, f'is no {noun}', f'are no {noun}s')}"
            return f"{lost} ({quoted(example)}): counted as missing."
        case OrderedDates(order):
            return f"read as {_ORDERS[order]}."
        case MostlyNumbers(share, example):
            numbers = f"{percent(round(share, 2))} of the values are numbers, not all ({quoted(example)})"
            return f"{numbers}: correct those for numbers."


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names with commas between them, the last of many counted only."""
    more = [f"and {quantity(len(names) - most)} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def quoted(name: str) -> str:
    """A stranger's word in a sentence."""
    return f"\u201c{name}\u201d"


def _written(number: float) -> str:
    return f"{number:,.0f}" if 1e4 <= abs(number) < 1e12 else f"{number:.4g}"
