"""Rows, a line through them, and what batches of them say: errors, gradients and the law of their noise."""

from __future__ import annotations

import math

import numpy as np

from batchviz.figures.terms import points
from batchviz.figures.terms.svg import (
    ACCENT,
    INK,
    PALE,
    Point,
    arrow,
    axes,
    dot,
    line,
    picture,
    scaled,
    size_color,
    words,
)

START = np.zeros(2)
DRAWS = 400


def gradients() -> str:
    """The gradients of an epoch's batches at one place, for two batch sizes."""
    data = points.rows()
    full = points.gradient(data, START)
    marks, spread = [], {}
    for panel, size in enumerate((2, 8)):
        by_batch = [points.gradient(data, START, batch) for batch in points.batches(24, size, seed=0)]
        spread[size] = float(np.mean([np.sum((each - full) ** 2) for each in by_batch])) ** 0.5
        centre = (60.0 + panel * 160, 70.0)
        marks += [
            *(arrow(centre, _tip(centre, each), size_color(size), 1.2) for each in by_batch),
            arrow(centre, _tip(centre, full), INK, 2.5),
            words(centre[0] + 20, 116, f"batches of {size}", size=10),
        ]
    return picture(
        f"Gradients of a line's two weights at one place; the thick arrow is that of all rows. Those of batches of 2 "
        f"lie {spread[2]:.2f} from it, root mean square, those of batches of 8 {spread[8]:.2f}.",
        *marks,
        words(160, 12, "steps against the gradient; thick: all rows", size=10),
    )


def noise_law() -> str:
    """Measured over shuffles, and the exact law of drawing without replacement."""
    data = points.rows()
    full, count = points.gradient(data, START), len(data.y)
    each = np.array([points.gradient(data, START, np.array([row])) for row in range(count)], dtype=float)
    variance = float(np.sum((each - full) ** 2) / count)
    sizes = [1, 2, 4, 8, 12]
    variances = [
        float(
            np.mean(
                [
                    np.sum(
                        (each[points.batches(count, size, seed=9, epoch=draw)[0]].mean(axis=0) - full) ** 2
                    )
                    for draw in range(DRAWS)
                ]
            )
        )
        for size in sizes
    ]
    law = [variance / size * (count - size) / (count - 1) for size in sizes]
    low, high = math.log10(law[-1]) - 0.3, math.log10(law[0]) + 0.2
    xs = [math.log2(size) for size in sizes]
    curve, dots = (
        scaled(xs, [math.log10(value) for value in values], low, high) for values in (law, variances)
    )
    return picture(
        f"Mean squared distance of a batch's gradient from the full one, over {DRAWS} shuffles of 24 rows: "
        + ", ".join(f"{value:.3f} at batch size {size}" for size, value in zip(sizes, variances, strict=True))
        + ". The line is the law: variance / B x (N - B) / (N - 1).",
        axes("batch size, 1 to 12 of 24 rows, log", "noise, squared, log"),
        line(curve, INK),
        *(dot(x, y, size_color(size), 4) for size, (x, y) in zip(sizes, dots, strict=True)),
        words(200, 34, "dots measured, line the law", size=10),
    )


def loss() -> str:
    """The errors of a line."""
    data = points.rows(12)
    weights = np.array([0.3, 0.1])
    answers = data.x @ weights
    errors = np.abs(answers - data.y)
    marks = []
    for x, answer, target in zip(data.x[:, 0], answers, data.y, strict=True):
        marks.append(line([_at(x, answer), _at(x, target)], ACCENT, width=2))
        marks.append(dot(*_at(x, target), INK, 3))
    return picture(
        f"Twelve rows and a line that answers for them; a bar from each row to the line is its error. Their mean "
        f"length, the MAE, is {errors.mean():.2f}, the mean of their squares, the MSE, {np.mean(errors**2):.2f}.",
        line([_at(-1, weights[1] - weights[0]), _at(1, weights.sum())], INK, width=2),
        *marks,
        words(16, 114, f"MAE {errors.mean():.2f}: mean length of the bars", anchor="start", size=10),
    )


def floor() -> str:
    """The law itself, and what its noise leaves."""
    data = points.rows(24)
    left = data.y - (0.8 * data.x[:, 0] + 0.3)
    return picture(
        f"Rows around the line that they were drawn from. Even that line misses them by a mean square of "
        f"{np.mean(left**2):.3f}: the floor of these rows. Over many draws it would be 0.09.",
        line([_at(-1, -0.5), _at(1, 1.1)], ACCENT, width=2.5),
        *(
            line([_at(x, y), _at(x, y - rest)], PALE)
            for x, y, rest in zip(data.x[:, 0], data.y, left, strict=True)
        ),
        *(dot(*_at(x, y), INK, 2.5) for x, y in zip(data.x[:, 0], data.y, strict=True)),
        words(
            16, 114, f"the true law misses by MSE {np.mean(left**2):.3f}: the floor", anchor="start", size=10
        ),
    )


def accuracy() -> str:
    """Nine of twelve right."""
    right = [True, True, False, True, True, True, True, False, True, True, False, True]
    marks = [
        words(28 + i * 24, 62, "✓" if good else "✗", size=20, color=ACCENT if good else INK)
        for i, good in enumerate(right)
    ]
    return picture(
        f"Twelve examples, {sum(right)} named rightly: an accuracy of {sum(right) / 12:.2f}.",
        *marks,
        words(160, 96, f"{sum(right)} of 12 right: accuracy {sum(right) / 12:.2f}"),
    )


def _at(x: float, y: float) -> Point:
    return 160 + float(x) * 130, 54 - (float(y) - 0.3) * 40


def _tip(centre: Point, gradient: points.Floats) -> Point:
    """Of the step against a gradient, so that an arrow points where an update goes."""
    return centre[0] - float(gradient[0]) * 26, centre[1] + float(gradient[1]) * 26
