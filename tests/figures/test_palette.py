"""One colour a batch size: seen on every page, in order, apart."""

import itertools

import pytest

from batchviz.figures.palette import color

SIZES = [2**power for power in range(12)]
PAGES = {"light": ("#f7f7f5", "#ffffff"), "dark": ("#14161b", "#1d2027")}


def luminance(text: str) -> float:
    """WCAG 2 relative luminance."""
    channels = [int(text[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("size", SIZES)
def test_every_colour_stands_out_from_its_page(theme: str, size: int) -> None:
    for page in PAGES[theme]:
        light, dark = sorted((luminance(color(size)[theme]), luminance(page)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


@pytest.mark.parametrize("theme", PAGES)
def test_larger_batches_are_darker_so_the_order_survives_grey_print(theme: str) -> None:
    luminances = [luminance(color(size)[theme]) for size in SIZES]
    assert luminances[0] > 1.5 * luminances[-1]
    assert all(later < 1.08 * before for before, later in itertools.pairwise(luminances))


def test_batch_sizes_have_colours_of_their_own() -> None:
    assert len({color(size)["light"] for size in SIZES}) == len(SIZES)
    assert color(1000, training_rows=800) == color(800)
