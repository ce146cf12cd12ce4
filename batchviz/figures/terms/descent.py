"""Gradient descent that was computed for the picture: on a line through rows, and in a bowl of two weights."""

from __future__ import annotations

import numpy as np

from batchviz.figures.terms import points
from batchviz.figures.terms.points import Floats, Rows
from batchviz.figures.terms.svg import (
    ACCENT,
    INK,
    PALE,
    WRONG,
    area,
    axes,
    dot,
    line,
    picture,
    scaled,
    size_color,
    words,
)

STEPS = 250


def rates() -> str:
    """Five steps in the same valley at three rates."""
    data = points.rows()
    curvature = 2 * float(np.mean(data.x[:, 0] ** 2))
    best = float(data.x[:, 0] @ data.y / (data.x[:, 0] @ data.x[:, 0]))
    marks = []
    for panel, (share, name, color) in enumerate(
        ((0.12, "too low", INK), (0.6, "good", ACCENT), (2.06, "too high", WRONG))
    ):
        left = 8 + panel * 104
        places = best + np.linspace(-1.5, 1.5, 31)
        weight, path = best - 1.1, []
        for _ in range(6):
            path.append(weight)
            weight -= share / curvature * _slope(data, weight)
        at = _valley(data, best, left)
        marks += [
            line([at(w) for w in places], PALE, width=2),
            line([at(w) for w in path], color),
            *(dot(x, y, color, 2.5) for x, y in map(at, path)),
            words(left + 48, 114, name, size=10, color=color),
        ]
    return picture(
        "The loss over one weight, three times, with six places of gradient descent: at too low a rate it is still on "
        "its way, at a good one it lies in the valley, at too high a one it climbs out.",
        *marks,
    )


def diverged() -> str:
    """The loss at a good and at too high a rate."""
    data = points.rows()
    curvature = 2 * float(np.linalg.eigvalsh(data.x.T @ data.x / len(data.y))[-1])
    good, high = (_losses(data, share / curvature) for share in (0.6, 2.15))
    top = 2.5 * good[0]
    steps = range(len(good))
    return picture(
        "The loss over the updates at two rates: at one it falls, at the other, just above what is stable, it grows "
        "until it leaves the picture.",
        axes("update", "loss"),
        line(scaled(steps, good, 0, top), ACCENT, width=2),
        line(scaled(steps, high, 0, top), WRONG, width=2),
        words(250, 90, "stable", size=10, color=ACCENT),
        words(200, 24, "diverges", anchor="end", size=10, color=WRONG),
    )


def momentum() -> str:
    """A long valley, with and without momentum .8."""
    hessian = np.array([1.0, 14.0])
    paths = []
    for share in (0.0, 0.8):
        weights, step = np.array([-9.0, 1.6]), np.zeros(2)
        paths.append([weights.copy()])
        for _ in range(16):
            step = share * step - 0.1 * hessian * weights
            weights = weights + step
            paths[-1].append(weights.copy())
    around = np.linspace(0, 2 * np.pi, 60)
    rings = [
        line([(165 + a * 16 * np.cos(t), 60 + a * 16 / 14**0.5 * np.sin(t)) for t in around], PALE)
        for a in (2, 5, 9)
    ]
    ends = [float(np.hypot(*path[-1])) for path in paths]
    return picture(
        "A long narrow valley from above and 16 steps in it. Plain steps zigzag across and end "
        f"{ends[0]:.1f} from the lowest place; with momentum 0.8 they swing along it and end {ends[1]:.1f} from it.",
        *rings,
        *(
            line([(165 + x * 16, 60 - y * 16) for x, y in path], color)
            + "".join(dot(165 + x * 16, 60 - y * 16, color, 2) for x, y in path)
            for path, color in zip(paths, (INK, ACCENT), strict=True)
        ),
        words(14, 114, "plain", anchor="start", size=10),
        words(50, 114, "with momentum", anchor="start", size=10, color=ACCENT),
    )


def curves() -> str:
    """Training and validation loss of ten weights on a few noisy rows."""
    random = np.random.default_rng(3)
    truth = random.normal(size=10) * 0.3
    x, fresh = random.normal(size=(14, 10)), random.normal(size=(400, 10))
    train = Rows(x, x @ truth + random.normal(size=14))
    validation = Rows(fresh, fresh @ truth + random.normal(size=400))
    weights, losses = np.zeros(10), []
    for _ in range(STEPS):
        losses.append((points.loss(train, weights), points.loss(validation, weights)))
        weights = weights - 0.06 * points.gradient(train, weights)
    below, above = (list(values) for values in zip(*losses, strict=True))
    top = max(above) * 1.1
    low, high = (scaled(range(STEPS), values, 0, top) for values in (below, above))
    return picture(
        f"Losses while ten weights learn 14 noisy rows: the training loss falls to {below[-1]:.2f}; the validation "
        f"loss falls to {min(above):.2f} and rises to {above[-1]:.2f}. What lies between them is the gap.",
        axes("epoch", "loss"),
        area([*low, *reversed(high)], PALE),
        line(low, ACCENT, width=2, dash="4 3"),
        line(high, ACCENT, width=2),
        words(300, high[-1][1] - 6, "validation", anchor="end", size=10),
        words(300, low[-1][1] - 6, "training", anchor="end", size=10),
        words(230, (high[-1][1] + low[-1][1]) / 2, "gap", size=10),
    )


def running_mean() -> str:
    """What Keras prints of an epoch, and the loss at its end."""
    data = points.rows()
    weights, printed, true = np.zeros(2), [], []
    for epoch in range(8):
        seen = []
        for batch in points.batches(24, 4, seed=0, epoch=epoch):
            seen.append(points.loss(Rows(data.x[batch], data.y[batch]), weights))
            weights = weights - 0.04 * points.gradient(data, weights, batch)
        printed.append(float(np.mean(seen)))
        true.append(points.loss(data, weights))
    top = max(printed) * 1.1
    upper, lower = (scaled(range(1, 9), values, 0, top) for values in (printed, true))
    return picture(
        f"Eight epochs of a line through rows. At the end of the first the loss is {true[0]:.2f}; the mean over its "
        f"batches, each taken before its update, says {printed[0]:.2f}.",
        axes("epoch", "training loss"),
        line(upper, INK, dash="4 3"),
        line(lower, ACCENT, width=2),
        words(upper[0][0] + 12, upper[0][1] + 4, "running mean", anchor="start", size=10),
        words(lower[2][0], lower[2][1] + 14, "at the end of the epoch", size=10, color=ACCENT),
    )


def seeds() -> str:
    """Four seeds of one setting and their mean."""
    data = points.rows()
    runs = []
    for seed in range(4):
        weights, losses = np.array([-1.0, -0.6]), []
        for epoch in range(3):
            for batch in points.batches(24, 2, seed=seed, epoch=epoch):
                losses.append(points.loss(data, weights))
                weights = weights - 0.15 * points.gradient(data, weights, batch)
        runs.append(losses)
    mean = np.mean(runs, axis=0).tolist()
    top, steps = runs[0][0] * 1.05, range(len(mean))
    return picture(
        "The loss over 36 updates of four runs that differ in the seed alone: they begin together, go ways of their "
        "own, and their mean is a thicker line among them.",
        axes("update", "loss"),
        *(line(scaled(steps, losses, 0, top), PALE) for losses in runs),
        line(scaled(steps, mean, 0, top), size_color(8), width=2.5),
        words(200, 40, "four seeds and their mean", size=10),
    )


def _slope(data: Rows, weight: float) -> float:
    x = data.x[:, 0]
    return float(2 * np.mean(x * (x * weight - data.y)))


def _valley(data: Rows, best: float, left: float):  # type: ignore[no-untyped-def]
    def at(weight: float) -> tuple[float, float]:
        height = np.mean((data.x[:, 0] * weight - data.y) ** 2) - np.mean((data.x[:, 0] * best - data.y) ** 2)
        return left + 48 + (weight - best) * 31, max(4.0, 100 - float(height) * 125)

    return at


def _losses(data: Rows, rate: float) -> list[float]:
    weights: Floats = np.array([-1.0, -0.6])
    losses = []
    for _ in range(26):
        losses.append(points.loss(data, weights))
        weights = weights - rate * points.gradient(data, weights)
    return losses
