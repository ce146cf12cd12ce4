"""Runs that a press has just queued, told to the page that pressed, before its script has drawn anything.

The page asks when a button is pressed, beside Streamlit's own message of the press. Its script, which queued the runs,
then stands back until the page has their first point: drawing the rest would take the processor from it. The answer
brings that point along where it comes soon: another question would wait for its turn on a page that is busy with
Streamlit's messages. Where another web process serves the question, nobody is told here, and the page learns of its
runs from its script.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from anyio import to_thread
from cachetools import LRUCache, TTLCache

from batchviz.web.limits import MAX_STARTS
from batchviz.web.news import News

ASKED_SECONDS = 2.0
"""How long a page waits for what its press queued."""
LOOK_SECONDS = 0.003
SEEN_SECONDS = 0.4
"""How long a script stands back at most: a run whose network must be compiled first is not waited for."""
FIRST_POINT_SECONDS = 0.15
"""How long the answer is held for a first point; the charts wait as long for it anyway (IMMINENT, live/poller.js)."""
DRAWN_SECONDS = 0.1
"""After an answer with a first point: until it is drawn."""


class Start(NamedTuple):
    """What a page shows since a press: `number` counts the presses, `fresh` are the runs that were not there before."""

    number: int
    runs: Sequence[str]
    fresh: frozenset[str] = frozenset()


class Starts:
    """Of all pages of this process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: LRUCache[str, Start] = LRUCache(MAX_STARTS)
        self._asking: TTLCache[str, bool] = TTLCache(MAX_STARTS, ASKED_SECONDS)
        self._seen: TTLCache[str, bool] = TTLCache(MAX_STARTS, ASKED_SECONDS)

    def tell(self, page: str, start: Start) -> None:
        """The page shows these runs now."""
        with self._lock:
            self._last[page] = start

    async def after(self, page: str, number: int) -> Start | None:
        """The start that follows this one, or None if none comes in time."""
        with self._lock:
            self._asking[page] = True
        for _ in range(int(ASKED_SECONDS / LOOK_SECONDS)):
            with self._lock:
                start = self._last.get(page)
            if start is not None and start.number > number:
                return start
            await asyncio.sleep(LOOK_SECONDS)
        return None

    async def first_points(self, start: Start, answer: Callable[[], bytes], news: News) -> dict[str, Any]:
        """The feed's answer about its runs, held until one that is fresh has a point, but not for long."""

        async def points() -> dict[str, Any]:
            return dict(json.loads(await to_thread.run_sync(answer)))

        def enough(points: Mapping[str, Any]) -> bool:
            return not start.fresh or bool(_epochs(points))

        told_points = await news.held(points, enough, FIRST_POINT_SECONDS)
        asyncio.get_running_loop().call_later(DRAWN_SECONDS, self.see, _epochs(told_points))
        return told_points

    def see(self, epochs: Mapping[str, int]) -> None:
        """Somebody has so many rows of these runs."""
        with self._lock:
            self._seen.update({run_id: True for run_id, rows in epochs.items() if rows})

    def stand_back(self, page: str, runs: Sequence[str]) -> None:
        """Wait until the page has a point of one of these runs, if it asked for them, but not for long. Blocks."""
        with self._lock:
            is_asking = page in self._asking
        until = time.monotonic() + SEEN_SECONDS * is_asking
        while time.monotonic() < until:
            with self._lock:
                if any(run_id in self._seen for run_id in runs):
                    return
            time.sleep(LOOK_SECONDS)


def _epochs(points: Mapping[str, Any]) -> dict[str, int]:
    """How many rows an answer of the feed has of each run, where it has any."""
    rows = {run["id"]: len(run["epochs"]["updates"]) for run in points["runs"]}
    return {run_id: count for run_id, count in rows.items() if count}


STARTS = Starts()
