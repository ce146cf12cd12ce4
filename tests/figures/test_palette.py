"""One colour a batch size: seen on every page, in order, and apart for all eyes."""

import itertools
import math

import numpy as np
import pytest

from batchviz.figures.palette import CATEGORIES, along, categories, color

SIZES = [2**power for power in range(12)]
LADDER = [*SIZES[:10], 800]
"""What the Playground offers of 800 training rows; the last is full."""
PAGES = {"light": ("#f7f7f5", "#ffffff"), "dark": ("#14161b", "#1d2027")}
SIGHT = {
    # Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB.
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# D65, 2 degrees.
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(text: str) -> np.ndarray:
    channels = np.array([int(text[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(text: str) -> float:
    """WCAG 2 relative luminance."""
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear(text))


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def cielab(rgb: np.ndarray) -> tuple[float, float, float]:
    xyz = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


def ciede2000(first: tuple[float, float, float], second: tuple[float, float, float]) -> float:
    """The formula of Sharma, Wu and Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    weight = (
        1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.2 * _cos(4 * hue - 63)
    )
    light = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2))
    vivid = (c2 - c1) / (1 + 0.045 * chroma)
    hued = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    blue = math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * blue
    return math.sqrt(light**2 + vivid**2 + hued**2 + rotation * vivid * hued)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def distances(colors: list[str], sight: str) -> dict[tuple[int, int], float]:
    """Of every pair, by place."""
    seen = [cielab(SIGHT[sight] @ linear(text)) for text in colors]
    return {(i, j): ciede2000(seen[i], seen[j]) for i, j in itertools.combinations(range(len(colors)), 2)}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [  # of the test data that Sharma, Wu and Dalal published
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_the_one_that_was_published(first, second, expected) -> None:
    assert ciede2000(first, second) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("theme", PAGES)
def test_every_colour_stands_out_from_its_page(theme: str) -> None:
    for page in PAGES[theme]:
        for shade in [*map(color, range(1, 2100)), *CATEGORIES]:
            assert contrast(shade[theme], page) >= 3, shade


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("theme", "least"), [("light", 8.0), ("dark", 9.5)])
def test_any_two_sizes_of_the_ladder_are_told_apart_by_all_eyes(theme: str, least: float, sight: str) -> None:
    found = distances([color(size)[theme] for size in LADDER], sight)
    assert min(found.values()) >= least, min(found, key=found.__getitem__)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", PAGES)
def test_five_sizes_over_the_ladder_are_far_apart(theme: str, sight: str) -> None:
    found = distances([color(size)[theme] for size in (2, 8, 32, 128, 800)], sight)
    assert min(found.values()) >= 12


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", PAGES)
def test_names_without_an_order_have_colours_far_apart(theme: str, sight: str) -> None:
    assert min(distances([shade[theme] for shade in CATEGORIES], sight).values()) >= 15


@pytest.mark.parametrize("theme", PAGES)
def test_larger_batches_are_darker_so_the_order_survives_grey_print(theme: str) -> None:
    luminances = [luminance(color(size)[theme]) for size in SIZES]
    assert luminances[0] > 1.5 * luminances[-1]
    assert all(later < before for before, later in itertools.pairwise(luminances))


def test_batch_sizes_have_colours_of_their_own() -> None:
    assert len({color(size)["light"] for size in SIZES}) == len(SIZES)
    assert color(1000, training_rows=800) == color(800)
    assert (along(0), along(1)) == (color(1), color(2048))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", PAGES)
def test_what_else_batches_do_has_colours_apart_from_the_sizes_beside_it(theme: str, sight: str) -> None:
    sizes = [color(size) for size in (8, 32, 256)]
    shades = [shade[theme] for shade in [*sizes, *categories(3, sizes)]]
    assert min(distances(shades, sight).values()) >= 8


def test_more_names_than_colours_begin_anew() -> None:
    many = categories(len(CATEGORIES) + 1)
    assert len(many) == len(CATEGORIES) + 1
    assert all(shade in CATEGORIES for shade in many)
