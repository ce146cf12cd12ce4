"""Ctrl-C as a request: training ends after the update under way, and what was recorded is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def interrupt_as_request() -> Iterator[Callable[[], bool]]:
    """Yields a function that tells whether Ctrl-C was pressed within; pressed again, it interrupts as ever.

    Signals reach the main thread only: in any other the function stays false, and nothing is changed.
    """
    requested = False

    def note(number: int, frame: Any) -> None:
        nonlocal requested
        if requested:
            raise KeyboardInterrupt
        requested = True

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: requested
    finally:
        signal.signal(signal.SIGINT, before)
