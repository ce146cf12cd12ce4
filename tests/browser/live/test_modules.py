"""The pure modules, run where they run: in the browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.live.feed_server import FeedServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(context: BrowserContext, feed_server: FeedServer) -> Iterator[tuple[Page, str]]:
    blank = context.new_page()
    blank.goto(f"{feed_server.address}/css/live.css")  # any document of this origin will do
    yield blank, feed_server.address
    blank.close()


@pytest.fixture
def module(page: tuple[Page, str]) -> Any:
    """Evaluate JavaScript with one module's exports in scope as `m` and one JSON argument as `given`."""

    def evaluate(name: str, body: str, given: Any = None) -> Any:
        script = f"async (given) => {{ const m = await import('{page[1]}/src/{name}.js'); {body} }}"
        return page[0].evaluate(script, given)

    return evaluate


def test_the_clock_plays_any_recording_in_twelve_seconds(module: Any) -> None:
    body = """const clock = new m.Clock(); clock.play(0.01); let seconds = 0;
              while (clock.playing) { clock.advance(0.05, 0.01); seconds += 0.05; }
              return [seconds, clock.position];"""
    seconds, position = module("live/clock", body)
    assert seconds == pytest.approx(12, abs=0.1)
    assert position is None  # follows the live edge again


@pytest.mark.parametrize("speed", [0.25, 8])
def test_speed_divides_the_time_that_playing_takes(module: Any, speed: float) -> None:
    body = """const clock = new m.Clock(); clock.speed = given; clock.play(10); let seconds = 0;
              while (clock.playing) { clock.advance(0.01, 10); seconds += 0.01; }
              return seconds;"""
    assert module("live/clock", body, speed) == pytest.approx(12 / speed, abs=0.02)


def test_playing_again_from_the_end_starts_over(module: Any) -> None:
    body = """const clock = new m.Clock(); clock.seek(10, 10); clock.play(10);
              return [clock.position, clock.playing];"""
    assert module("live/clock", body) == [0, True]


def test_changing_the_axis_keeps_the_share_that_was_played(module: Any) -> None:
    body = "const clock = new m.Clock(); clock.seek(3, 10); clock.rescale(10, 250); return clock.position;"
    assert module("live/clock", body) == 75


@pytest.mark.parametrize(
    ("position", "direction", "expected"), [(1, 1, 1.5), (1, -1, 0.5), (3, 1, None), (0, -1, None)]
)
def test_a_step_goes_to_the_next_mark_of_any_run(
    module: Any, position: float, direction: int, expected: float | None
) -> None:
    body = "return m.neighbour([[0, 1, 2, 3], [0, 0.5, 1.5]], given[0], given[1]);"
    assert module("live/clock", body, [position, direction]) == expected
