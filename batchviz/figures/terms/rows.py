"""Rows of a table being dealt into batches: the very order of the sampler, for a table of a few rows."""

from __future__ import annotations

import itertools

from batchviz.experiment.order import order
from batchviz.experiment.schedule import split_at
from batchviz.figures.terms.svg import ACCENT, INK, PALE, box, line, picture, size_color, words

ROWS = 14
SIDE, GAP = 17, 3
SHADES = [size_color(size) for size in (4, 64, 16, 512, 1)]
"""Neighbouring batches differ; here a colour is a batch."""


def batch() -> str:
    """Fourteen rows, shuffled and dealt into batches of four."""
    visit = order(ROWS, seed=0, epoch=0).tolist()
    return picture(
        f"{ROWS} rows in a table; below them the same rows in the order of the first epoch of seed 0, "
        f"{_visit_text(visit)}, cut into batches of 4, 4, 4 and 2.",
        words(16, 26, "table", anchor="start", size=10),
        _squares(list(range(ROWS)), 32, [ROWS], colored=False),
        words(16, 78, "epoch 1, in batches of 4", anchor="start", size=10),
        _squares(visit, 84, [4, 4, 4, 2]),
    )


def last_batch() -> str:
    """The same, with the eye on what is left over."""
    visit = order(ROWS, seed=0, epoch=0).tolist()
    return picture(
        f"{ROWS} rows cut into batches of 4: three whole ones, and a last one of 2.",
        _squares(visit, 40, [4, 4, 4, 2], pale=3),
        words(16, 30, "4 + 4 + 4", anchor="start"),
        words(_left(12, [4, 4, 4, 2]) + SIDE + GAP / 2, 30, "+ 2"),
        words(16, 84, "3 updates of 4 rows, 1 of 2: 4 an epoch", anchor="start"),
    )


def full_batch() -> str:
    """All rows in one batch."""
    visit = order(ROWS, seed=0, epoch=0).tolist()
    return picture(
        f"All {ROWS} rows in one batch: one update an epoch.",
        _squares(visit, 44, [ROWS]),
        line([(16, 74), (16, 80), (304, 80), (304, 74)]),
        words(160, 98, f"one batch of {ROWS}: 1 update an epoch"),
    )


def epoch() -> str:
    """Two epochs: the same rows, another order."""
    first, second = (order(ROWS, seed=0, epoch=number).tolist() for number in (0, 1))
    return picture(
        f"{ROWS} rows in two epochs of seed 0. Epoch 1 visits {_visit_text(first)}; "
        f"epoch 2 the same rows as {_visit_text(second)}.",
        words(16, 22, "epoch 1", anchor="start", size=10),
        _squares(first, 28, [4, 4, 4, 2]),
        words(16, 74, "epoch 2: the same rows, dealt anew", anchor="start", size=10),
        _squares(second, 80, [4, 4, 4, 2]),
    )


def accumulation() -> str:
    """Three micro-batches, one update."""
    visit = order(12, seed=0, epoch=0).tolist()
    groups = [4, 4, 4]
    return picture(
        "12 rows in three micro-batches of 4; the mean of their gradients makes one update.",
        _squares(visit, 24, groups),
        *(words(_left(4 * i, groups) + 2 * (SIDE + GAP), 56, "gradient", size=10) for i in range(3)),
        line([(16, 64), (16, 72), (_left(11, groups) + SIDE, 72), (_left(11, groups) + SIDE, 64)]),
        words(16, 92, "their mean: one update of 12 rows", anchor="start"),
    )


def split() -> str:
    """A thousand rows at a split of .2."""
    training = split_at(1000, 0.2)
    end = 16 + 288 * training / 1000
    return picture(
        f"1,000 rows at a validation split of 0.2: the first {training} train, "
        f"the last {1000 - training} only validate.",
        box(16, 40, end - 16, 30, ACCENT),
        box(end + 2, 40, 302 - end, 30, PALE),
        words((16 + end) / 2, 32, f"{training} training rows"),
        words((end + 304) / 2, 32, f"{1000 - training}"),
        words(304, 86, "the last rows: validation", anchor="end", size=10),
    )


def data() -> str:
    """A table with inputs and a target."""
    columns, height = 6, 5
    cells = [
        box(60 + c * 30, 26 + r * 16, 27, 13, ACCENT if c == columns - 1 else PALE)
        for r, c in itertools.product(range(height), range(columns))
    ]
    return picture(
        "A table: a row for each example, columns of inputs, and one column that is to be predicted.",
        *cells,
        words(133, 18, "inputs", size=10),
        words(223, 18, "target", size=10),
        words(54, 69, "rows", anchor="end", size=10),
    )


def _left(position: int, groups: list[int]) -> float:
    """Where the square at that place of the order begins: a little apart from the batch before."""
    ends = list(itertools.accumulate(groups))
    return 16 + position * (SIDE + GAP) + sum(position >= end for end in ends) * 4


def _squares(
    visit: list[int], y: float, groups: list[int], *, colored: bool = True, pale: int | None = None
) -> str:
    owner = [number for number, size in enumerate(groups) for _ in range(size)]
    marks = []
    for position, row in enumerate(visit):
        group = owner[position]
        color = SHADES[group] if colored and pale in (None, group) else PALE
        x = _left(position, groups)
        marks.append(box(x, y, SIDE, SIDE, "none", stroke=color))
        marks.append(words(x + SIDE / 2, y + 12.5, f"{row + 1}", color=INK, size=9))
        if color != PALE:
            marks.append(box(x, y + SIDE + 2, SIDE, 3, color, radius=1))
    return "".join(marks)


def _visit_text(visit: list[int]) -> str:
    return ", ".join(str(row + 1) for row in visit)
