"""How one column of a visitor's table was read and what becomes of it, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from batchviz.experiment.column_findings import (
    BecomesInputs,
    DateOrder,
    Fate,
    InfiniteValues,
    LeftOut,
    LikelyMark,
    LostValues,
    MissingMarks,
    MostlyNumbers,
    NumberNotation,
    OrderedDates,
    Reason,
    Remark,
    SeveralUnits,
    UnsupportedType,
    Way,
    WayToRead,
)
from batchviz.text.numbers import count, form, listing, percent, quantity

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
            marks = listing([quoted(word) for word in words], 3)
            return f"{count(values, 'value')} {form(values, 'counts', 'count')} as missing: {marks}."
        case LikelyMark(value, rows):
            where = f"{quoted(f'{value:g}')} stands in {count(rows, 'row')}, far from every other value"
            return (
                f"{where}: if it means missing, choose that reading, or empty those cells and upload again."
            )
        case SeveralUnits(units):
            return f"Its numbers have several units ({listing(units, 3)}), so they are no one quantity."
        case LostValues(what, values, example):
            noun = "finite number" if what == "number" else "date"
            lost = f"{count(values, 'value')} {form(values, f'is no {noun}', f'are no {noun}s')}"
            return f"{lost} ({quoted(example)}): counted as missing."
        case OrderedDates(order):
            return f"read as {_ORDERS[order]}."
        case MostlyNumbers(share, example):
            numbers = f"{percent(round(share, 2))} of the values are numbers, not all ({quoted(example)})"
            return f"{numbers}: correct those for numbers."


def quoted(name: str) -> str:
    """A stranger's word in a sentence."""
    return f"\u201c{name}\u201d"
