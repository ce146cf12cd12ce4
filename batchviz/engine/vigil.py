"""Telling the living from the dead by whether their beat still changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable


class Vigil:
    """Remembers for every name when its beat was last seen to change, by the watcher's own clock.

    Beats are never compared with a clock: machines disagree, and after a laptop's sleep everything looks old.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Hashable, tuple[Hashable, float]] = {}

    def silence(self, name: Hashable, beat: Hashable) -> float:
        """Seconds for which `beat` has stayed what it is; 0 when it is new."""
        now = self._clock()
        if name not in self._seen or self._seen[name][0] != beat:
            self._seen[name] = (beat, now)
        return now - self._seen[name][1]

    def forget_others(self, names: set[Hashable]) -> None:
        """Drop all but these names."""
        self._seen = {name: seen for name, seen in self._seen.items() if name in names}
