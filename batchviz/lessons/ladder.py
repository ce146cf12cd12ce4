"""The picture of an outcome: every option a rung, from first to last as measured, and the prediction as a path over it.

A right order runs straight down the rungs; wherever the path turns back, a pair was told the other way round.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from batchviz.lessons.outcome import Outcome
from batchviz.lessons.question import Answer, Question

STROKE = "#7d8594"
"""Of the prediction's path, on light and on dark pages: it is part of a picture, which cannot ask the page."""
GREY = {"light": "#5d626b", "dark": "#a2a8b3"}
"""Of what no run stands for."""
MARGIN = 4.0
"""Per cent of the width beside the least and the greatest value."""


@dataclass(frozen=True)
class Rung:
    """One option. Positions are per cent of the width; None for what has no value."""

    key: str
    text: str
    mean: float
    at: float | None
    seeds: tuple[float, ...]
    """Where its single seeds stand."""
    prediction: str
    """What was predicted of it: `1`, `2 =`, `best`; empty where nothing was."""


@dataclass(frozen=True)
class Ladder:
    """The rungs from top to bottom, and the path of the prediction: (per cent of the width, number of the rung)."""

    rungs: tuple[Rung, ...]
    path: tuple[tuple[float, int], ...]


def ladder(question: Question, answer: Answer, result: Outcome) -> Ladder:
    """What is drawn. A value that was placed is a rung of its own, under the measured one."""
    values = dict(result.values)
    texts = {option.key: option.text for option in question.options}
    singles = {key: tuple(result.seeds.get(key, ())) for key in values}
    if question.kind == "place" and isinstance(answer.value, float):
        values["told"], texts["told"], singles["told"] = answer.value, "Your answer", ()
    keys = list(values)
    if question.kind != "place":
        sign = 1 if question.lower_wins else -1
        unknown = [key for key in keys if math.isnan(values[key])]
        keys = [*sorted(values.keys() - set(unknown), key=lambda key: sign * values[key]), *unknown]
    scale = _scale([*values.values(), *(value for each in singles.values() for value in each)])
    places = _places(question, answer)
    rungs = tuple(
        Rung(
            key, texts[key], values[key], scale(values[key]),
            tuple(at for value in singles[key] if (at := scale(value)) is not None), places.get(key, ""),
        )
        for key in keys
    )  # fmt: skip
    return Ladder(rungs, _path(answer, rungs) if question.kind == "order" else ())


def _scale(values: Sequence[float]) -> Callable[[float], float | None]:
    """Value -> per cent, logarithmic where all are above zero and far apart."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    logarithmic = low > 0 and high / low > 5
    measure = math.log if logarithmic else float
    start, end = measure(low) if finite else 0.0, measure(high) if finite else 1.0

    def position(value: float) -> float | None:
        if not math.isfinite(value):
            return None
        share = (measure(value) - start) / (end - start) if end > start else 0.5
        return round(MARGIN + share * (100 - 2 * MARGIN), 2)

    return position


def _places(question: Question, answer: Answer) -> dict[str, str]:
    if isinstance(answer.value, tuple):
        places: dict[str, str] = {}
        place = 1
        for group in answer.value:
            places |= {key: f"{place}{' =' if len(group) > 1 else ''}" for key in group}
            place += len(group)
        return places
    if question.kind == "pick" and answer.tells and isinstance(answer.value, str):
        return {answer.value: "picked"}
    return {}


def _path(answer: Answer, rungs: tuple[Rung, ...]) -> tuple[tuple[float, int], ...]:
    order = [key for group in answer.value for key in group] if isinstance(answer.value, tuple) else []
    places = {rung.key: (rung.at, number) for number, rung in enumerate(rungs)}
    points = [places[key] for key in order if key in places]
    return tuple((at, number) for at, number in points if at is not None)


def path_picture(drawn: Ladder) -> str:
    """The prediction over the rungs, as the address of a picture: Streamlit takes SVG out of a page's HTML."""
    if len(drawn.path) < 2:
        return ""
    points = " ".join(f"{at},{number + 0.5}" for at, number in drawn.path)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {len(drawn.rungs)}" preserveAspectRatio="none">'
        f'<polyline points="{points}" fill="none" stroke="{STROKE}" stroke-width="1.5" stroke-dasharray="5 4" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    return f"data:image/svg+xml,{quote(picture)}"
