"""What a search means: words and numbers as a list of runs shows them, as conditions on its columns.

Only what can be seen is found. So the words of the screen are compared here, with the very texts that it shows; what
a visitor wrote is compared by the store.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from batchviz.experiment.columns import MEASURED, NUMBERS, SETTINGS, Value
from batchviz.experiment.query import Condition, Word, folded
from batchviz.experiment.records import Source, Status
from batchviz.text.run_columns import HEADINGS, value_text

SMALLEST_SHOWN = 1e-12
"""Whatever is above is shown with its digits: 0 is found below."""
_NUMBER = re.compile(r"(\d[\d,]*)?(\.\d*)?(e-?\d+)?")
_COUNTED = ("updates", "seed")
_OFF: Mapping[str, Value] = {
    "dropout": 0.0,
    "batch_norm": False,
    "accumulation": 1,
    "full_batch": False,
    "batch_schedule": "",
}
"""Values that say that a column does not matter: its heading does not find them."""
_ALSO = {"learning_rate": "lr", "batch_size": "b"}
"""What charts call a column, beside its heading."""
_FILLERS = {"used", "an", "where"}
"""Words of headings that say nothing by themselves."""


def read_search(
    text: str,
    experiments: Sequence[Mapping[str, Value]],
    upload_names: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Word, ...]:
    """The words of a search. `experiments`: the settings that occur; `own` names the visitor's own data.

    A word is found in what is written on a run, in a text of its row or in the heading of a column that has
    something to say of it. A number is found where it is shown: 8 is no part of 80, and 0.08 finds the
    final values that begin so.
    """
    values = {
        name: list(dict.fromkeys(settings[name] for settings in experiments if settings[name] is not None))
        for name in SETTINGS
        if name != "seed"
    }
    values |= {"status": list(Status), "source": [source for source in Source if source is not Source.HERE]}
    return tuple(
        Word(word, (*_in_values(word, values, upload_names), *_in_numbers(word), *_in_headings(word, values)))
        for word in folded(text).replace("−", "-").split()
        if word != "="  # of the label B = 32
    )


def _in_values(
    word: str, values: Mapping[str, Sequence[Value]], upload_names: Mapping[str, str]
) -> list[Condition]:
    words = []
    for column, occurring in values.items():
        if column in NUMBERS:
            number = _number(word)
            matching = [] if number is None else [value for value in occurring if _is_shown_as(value, number)]
        else:
            matching = [
                value
                for value in occurring
                if _stands_in(word, folded(value_text(column, value, upload_names)))
            ]
        if matching:
            words.append(Condition(column, tuple(matching)))
    return words


def _in_numbers(word: str) -> list[Condition]:
    number = _number(word)
    if number is None:
        return []
    conditions = [_measured(column, word, number) for column in MEASURED if column not in _COUNTED]
    if number.is_integer() and "." not in word:
        conditions += [Condition(column, low=number, high=number + 1) for column in _COUNTED]
    return conditions


def _measured(column: str, word: str, number: float) -> Condition:
    """The values that are shown, with three digits, as this number or, where it has decimals, begin with it."""
    begins = _step(word) if "." in word else 0.0
    if number == 0:
        return Condition(column, low=0.0, high=begins or SMALLEST_SHOWN)
    finest = 1.0 if number >= 100 else 10.0 ** (math.floor(math.log10(number)) - 2)
    start = round(number / finest) * finest
    return Condition(column, low=start - finest / 2, high=start + max(finest, begins) - finest / 2)


def _in_headings(word: str, values: Mapping[str, Sequence[Value]]) -> list[Condition]:
    conditions = []
    for column, heading in HEADINGS.items():
        title = folded(heading.partition(" (")[0])
        if word not in {*re.split(r"[\s-]", title), _ALSO.get(column)} - _FILLERS:
            continue
        if column in _OFF:
            matter = tuple(value for value in values[column] if value != _OFF[column])
            conditions += [Condition(column, matter)] if matter else []
        else:
            conditions.append(Condition(column))
    return conditions


def _number(word: str) -> float | None:
    """What a word is as a number of a list, 8,000 among them; None for none."""
    if not _NUMBER.fullmatch(word) or not re.search(r"\d", word):
        return None
    value = float(word.replace(",", ""))
    return value if math.isfinite(value) else None


def _step(word: str) -> float:
    """What one more in the last digit of a number is worth."""
    digits, _, power = word.partition("e")
    return float(10.0 ** (int(power or 0) - len(digits.partition(".")[2])))


def _is_shown_as(value: Value, number: float) -> bool:
    """Whether a setting and a number are written alike, with four digits where they are no whole numbers."""
    assert isinstance(value, int | float)
    return value == number or (value != int(value) and f"{value:.4g}" == f"{number:.4g}")


def _stands_in(word: str, text: str) -> bool:
    """Letters anywhere, a number as a whole."""
    if _number(word) is None:
        return word in text
    return word in re.findall(r"[\d.]+", text)
