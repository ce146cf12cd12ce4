"""Networks as circles and lines, and what their units do."""

from __future__ import annotations

import itertools

import numpy as np

from batchviz.figures.terms.svg import ACCENT, INK, PALE, axes, dot, line, picture, scaled, words

LAYERS = ((60.0, 3), (160.0, 4), (260.0, 1))
OFF = (1,)
"""Of the hidden units, by place: those that dropout switched off."""


def network() -> str:
    """Three inputs, four hidden units, one output: every line a weight."""
    weights = sum((a + 1) * b for (_, a), (_, b) in itertools.pairwise(LAYERS))
    return picture(
        f"A network of 3 inputs, a hidden layer of 4 units and one output: {weights} weights, biases included.",
        *_drawn(()),
        words(60, 114, "inputs", size=10),
        words(160, 114, "hidden layer", size=10),
        words(260, 114, f"{weights} weights", size=10),
    )


def dropout() -> str:
    """The same with a hidden unit switched off."""
    return picture(
        "A network in one update: one of its four hidden units is switched off, with all that hangs on it.",
        *_drawn(OFF),
        words(160, 114, "one of four off in this update", size=10),
    )


def activation() -> str:
    """ReLU and tanh over the sum of a unit's inputs."""
    xs = np.linspace(-3, 3, 61).tolist()
    relu, tanh = [max(0.0, x) for x in xs], np.tanh(xs).tolist()
    return picture(
        "What two activations make of a unit's sum from -3 to 3: ReLU leaves what is positive and makes the rest 0; "
        "tanh bends it to between -1 and 1.",
        axes("sum of a unit's inputs, -3 to 3", "what it passes on"),
        line(scaled(xs, relu, -1.3, 3), ACCENT, width=2),
        line(scaled(xs, tanh, -1.3, 3), INK, width=2, dash="4 3"),
        words(240, 28, "ReLU", anchor="end", color=ACCENT),
        words(290, 70, "tanh", anchor="end"),
    )


def batch_norm() -> str:
    """Eight outputs of a unit before and after their batch's mean and spread are taken out."""
    before = np.array([2.1, 2.9, 3.4, 3.6, 4.2, 4.4, 5.1, 6.3])
    after = (before - before.mean()) / before.std()
    return picture(
        f"Eight outputs of a unit in one batch, of mean {before.mean():.1f} and spread {before.std():.1f}, and the "
        "same after both are taken out: mean 0, spread 1.",
        line([(20, 44), (300, 44)], PALE),
        line([(20, 90), (300, 90)], PALE),
        *(dot(160 + value * 20, 44, INK, 4) for value in before),
        *(dot(160 + value * 20, 90, ACCENT, 4) for value in after),
        words(
            20, 28, f"before: mean {before.mean():.1f}, spread {before.std():.1f}", anchor="start", size=10
        ),
        words(20, 74, "after: mean 0, spread 1", anchor="start", size=10),
    )


def _drawn(off: tuple[int, ...]) -> list[str]:
    places = [[(x, 56 + (i - (count - 1) / 2) * 25) for i in range(count)] for x, count in LAYERS]
    marks = []
    for number, (left, right) in enumerate(itertools.pairwise(places)):
        for (i, start), (j, end) in itertools.product(enumerate(left), enumerate(right)):
            if (j if number == 0 else i) not in off:
                marks.append(line([start, end], PALE))
    for number, layer in enumerate(places):
        for i, place in enumerate(layer):
            dropped = number == 1 and i in off
            marks.append(dot(*place, PALE if dropped else ACCENT, 8, hollow=dropped))
    return marks
