"""What a person wrote, as a page may show it."""

import pytest

from batchviz.experiment.parsing import printable


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("run\u202egpj.exe", "rungpj.exe"),  # would read "runexe.jpg"
        ("\u2066a\u2069", "a"),
        ("\x1b[31mred\x00", "[31mred"),
        ("half \ud800", "half "),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("سلام 5 שלום", "سلام 5 שלום"),
        ("👩‍🏫 é", "👩‍🏫 é"),
    ],
)
def test_nothing_hides_or_turns_round_what_stands_beside_it(written: str, shown: str) -> None:
    assert printable(written) == shown
