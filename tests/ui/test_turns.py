"""Pages that are opened at once are drawn in turn, and nobody waits for one that hangs."""

import threading
import time

import pytest

from batchviz.ui.turns import Turns


def test_no_more_than_so_many_have_their_turn_at_once() -> None:
    turns, inside, most, lock = Turns(2, patience=10), 0, 0, threading.Lock()

    def draw() -> None:
        nonlocal inside, most
        with turns.taken():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.005)
            with lock:
                inside -= 1

    pages = [threading.Thread(target=draw) for _ in range(8)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(10)
    assert (most, inside) == (2, 0)


def test_a_page_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1, patience=10)
    with pytest.raises(KeyError), turns.taken():
        raise KeyError
    began = time.monotonic()
    with turns.taken():
        assert time.monotonic() - began < 5


def test_nobody_waits_for_longer_than_the_patience_behind_a_page_that_hangs() -> None:
    turns = Turns(1, patience=0.02)
    with turns.taken():
        with turns.taken():
            pass
        with turns.taken():  # who came without a turn has none to give back
            began = time.monotonic()
            with turns.taken():
                assert time.monotonic() - began > 0.01
