"""What is said of batch gradients that are drawn as arrows."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.text.numbers import number, percent, quantity

TITLE = "Look inside: the gradient of each batch against that of all rows"


def explained(rows: int, parameters: int, in_plane: float) -> str:
    """What the plane is, and what of the noise it shows."""
    return (
        f"The thick arrow is the gradient over all {quantity(rows)} training rows at the first weights; a thin line is "
        f"that of one batch. Of {quantity(parameters)} directions, one a weight, two are drawn: up is the full "
        "gradient's own, across the one in which the rows' gradients scatter most besides. These two hold "
        f"{percent(round(in_plane, 2))} of the scatter."
    )


def panel(batch_size: int, batches: int, distance: float, length: float) -> str:
    """A panel for those who do not see it."""
    return (
        f"{quantity(batches)} batches of {quantity(batch_size)}: their gradients lie {number(distance)} from the full "
        f"gradient, root mean square over all directions; that one is {number(length)} long."
    )


def law(measured: Sequence[tuple[int, float]], expected: Sequence[float]) -> str:
    """The law for those who do not see it."""
    shares = "; ".join(
        f"{number(noise)} at batch size {size}, by the law {number(value)}"
        for (size, noise), value in zip(measured, expected, strict=True)
    )
    return f"Mean squared distance of a batch's gradient from that of all rows: {shares}."


def law_note(rows: int, epochs: int) -> str:
    """Under the law."""
    return (
        f"Dots: measured over {quantity(epochs)} epochs. Line: variance / B x (N - B) / (N - 1), N = {quantity(rows)}, "
        "exact for batches without repeats; four times the batch is about a quarter of it."
    )
