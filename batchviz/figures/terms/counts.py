"""What arithmetic says of batch sizes: updates, memory, rates, time; the numbers are those of the plan."""

from __future__ import annotations

import math

from batchviz.experiment.plan import plan_for
from batchviz.experiment.schedule import BatchSchedule
from batchviz.experiment.spec import RunSpec
from batchviz.figures.terms.svg import (
    ACCENT,
    INK,
    PALE,
    axes,
    box,
    dot,
    line,
    picture,
    scaled,
    size_color,
    words,
)

ARTICLE = RunSpec()


def updates() -> str:
    """Updates an epoch of the article's 800 training rows."""
    sizes = (8, 32, 128, 800)
    made = [BatchSchedule(800, size).epoch(0).updates for size in sizes]
    marks = []
    for i, (size, count) in enumerate(zip(sizes, made, strict=True)):
        y, length = 14 + i * 26, max(2.0, 180 * count / made[0])
        marks += [
            words(70, y + 14, "full" if size == 800 else f"B = {size}", anchor="end"),
            box(78, y, length, 18, size_color(size)),
            words(84 + length, y + 14, f"{count}", anchor="start"),
        ]
    text = ", ".join(f"{count} at batch size {size}" for size, count in zip(sizes, made, strict=True))
    unit = "updates an epoch of 800 rows"
    return picture(
        f"Updates an epoch of 800 training rows: {text}.",
        *marks,
        words(304, 116, unit, anchor="end", size=10),
    )


def memory() -> str:
    """What the article's network holds at three batch sizes."""
    sizes = (1, 32, 128)
    held = [plan_for(ARTICLE.replace(batch_size=size)).memory for size in sizes]
    most = held[-1].high
    marks = []
    for i, (size, ledger) in enumerate(zip(sizes, held, strict=True)):
        fixed = ledger.parameters + ledger.gradients + ledger.slots
        y = 20 + i * 26
        marks += [
            words(70, y + 13, f"B = {size}", anchor="end"),
            box(78, y, 222 * fixed / most, 18, PALE),
            box(78 + 222 * fixed / most, y, 222 * ledger.activations_high / most, 18, ACCENT),
        ]
    text = "; ".join(
        f"{ledger.activations_high:,} at batch size {size}" for size, ledger in zip(sizes, held, strict=True)
    )
    fixed = held[0].high - held[0].activations_high
    return picture(
        f"The article's network: {fixed:,} bytes of weights, gradients and slots at every batch size; "
        f"bytes of activations, at most: {text}.",
        *marks,
        words(78, 14, f"weights and slots: {fixed:,} bytes", anchor="start", size=10),
        words(300, 112, "activations grow with the batch", anchor="end", size=10, color=ACCENT),
    )


def schedule() -> str:
    """A batch size that doubles three times."""
    xs, ys = [0.0, 3, 3, 6, 6, 9, 9, 12], [3.0, 3, 4, 4, 5, 5, 6, 6]
    return picture(
        "A batch size that doubles after epochs 3, 6 and 9: from 8 over 16 and 32 to 64.",
        axes("epoch", "batch size"),
        line(scaled(xs, ys, 2, 6.5), ACCENT, width=2.5),
        *(words(*_above(scaled(xs, ys, 2, 6.5)[2 * i]), f"{8 * 2**i}", anchor="start") for i in range(4)),
    )


def linear_rule() -> str:
    """The rate over the batch size: proportional, beside fixed."""
    sizes = [8, 16, 32, 64, 128]
    rates = [
        BatchSchedule(800, size, learning_rate=0.1, rule="linear", base_batch_size=32).epoch(0).learning_rate
        for size in sizes
    ]
    points = scaled(sizes, rates, 0, 0.42)
    fixed = scaled(sizes, [0.1] * len(sizes), 0, 0.42)
    return picture(
        "Learning rate over batch size, at 0.1 for a batch of 32. The linear rule: "
        + ", ".join(f"{rate:g} at {size}" for size, rate in zip(sizes, rates, strict=True))
        + ". A fixed rate stays at 0.1.",
        axes("batch size, 8 to 128", "learning rate"),
        line(points, ACCENT, width=2),
        *(dot(x, y, size_color(size), 4) for size, (x, y) in zip(sizes, points, strict=True)),
        line(fixed, INK, dash="4 3"),
        words(296, fixed[-1][1] - 5, "fixed", anchor="end", size=10),
        words(262, points[-1][1] + 6, "linear", anchor="end", size=10, color=ACCENT),
    )


def critical() -> str:
    """Updates to a target by the law S = S_min (1 + B_crit / B)."""
    sizes = [2.0**power for power in range(11)]
    steps = [math.log2(1 + 32 / size) for size in sizes]
    points = scaled([math.log2(size) for size in sizes], steps, -0.5, 5.6)
    x, y = points[5]
    return picture(
        "Updates to a target over batch size, both doubling by the step: they halve with each doubling of a small "
        "batch, and hardly fall any more beyond the critical batch size, here 32.",
        axes("batch size, doubling", "updates to a target"),
        line(points, ACCENT, width=2),
        dot(x, y, INK, 4),
        words(x + 6, y - 6, "critical batch size", anchor="start", size=10),
    )


def clock() -> str:
    """Seconds an update, a + b B: flat at first."""
    sizes = [2.0**power for power in range(11)]
    points = scaled(range(11), [math.log2(1 + size / 64) for size in sizes], -0.4, 4.5)
    return picture(
        "Time of one update over batch size: nearly flat for small batches, whose cost is that of starting an update, "
        "then in proportion to the batch.",
        axes("batch size, doubling", "seconds of one update"),
        line(points, ACCENT, width=2),
        words(40, 62, "flat at first", anchor="start", size=10),
    )


def sweep() -> str:
    """A table of batch sizes and rates; each size has its own best."""
    marks = []
    for column, best in enumerate((1, 2, 2, 3)):
        for row in range(4):
            chosen = row == best
            marks.append(box(70 + column * 56, 14 + row * 20, 50, 16, ACCENT if chosen else PALE))
    return picture(
        "A table with a column for each batch size and a row for each learning rate; in every column the rate that "
        "served it best is marked.",
        *marks,
        words(180, 112, "batch sizes", size=10),
        words(60, 56, "rates", anchor="end", size=10),
    )


def race() -> str:
    """Lanes of one epoch of 800 rows, a mark for each update."""
    lanes = [(size, BatchSchedule(800, size).epoch(0).updates) for size in (8, 32, 128)]
    marks = []
    for i, (size, count) in enumerate(lanes):
        y = 30 + i * 30
        ends = [70 + 230 * min(number * size, 800) / 800 for number in range(1, count + 1)]
        marks += [
            words(56, y + 4, f"B = {size}", anchor="end"),
            line([(70, y), (300, y)], PALE, width=2),
            *(line([(x, y - 7), (x, y + 7)], size_color(size)) for x in ends),
        ]
    text = ", ".join(f"{count} at batch size {size}" for size, count in lanes)
    return picture(
        f"Three lanes from one start to the end of one epoch of 800 rows, with a mark for each update: {text}.",
        line([(70, 16), (70, 104)]),
        *marks,
        words(300, 116, "one epoch, a mark for each update", anchor="end", size=10),
    )


def _above(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] + 4, point[1] - 5
