"""Somebody who asks for run after run, whatever becomes of the server meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Presser(Generic[T]):
    """In a thread of their own, one press every `pause` seconds.

    `ask_for` is called with 1, 2, 3 and so on, and tells the runs that were acknowledged; a press that ends in one of
    the `refusals` is counted.
    """

    def __init__(
        self, ask_for: Callable[[int], Sequence[T]], *refusals: type[Exception], pause: float
    ) -> None:
        self._ask_for, self._refusals, self._pause = ask_for, refusals, pause
        self.acknowledged: list[T] = []
        self.refused = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._press, name="presser", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more presses; the one under way is waited for."""
        self._ended.set()
        self._thread.join(60)

    def _press(self) -> None:
        number = 0
        while not self._ended.wait(self._pause):
            number += 1
            try:
                self.acknowledged += self._ask_for(number)
            except self._refusals:
                self.refused += 1
