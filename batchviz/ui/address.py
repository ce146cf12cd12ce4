"""The address bar: the parameters of the page on show, and what rides along with those of every page.

Its writing follows the page. The other way round it is read where somebody came by it: with a link, or with the
browser's Back and Forward. Then it is the page that follows: `src/history.js` marks such an address with MARK.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from batchviz.links.experiment import OPEN_TERM
from batchviz.ui.session_state import PRESENTING

MARK = "back"
"""Stands in the address that Back or Forward led to, until the script has taken it out."""
PRESENT = "present"
"""`present=1`: drawn for the back row of a lecture hall."""
RIDERS = (MARK, PRESENT, OPEN_TERM)


def take_mark() -> str:
    """What the browser marked this address with, if Back or Forward led to it: another text every time. Empty if not.

    Taking it out tells the browser that it was seen; what is asked for until then bears it, too.
    """
    return str(st.query_params.pop(MARK, ""))


def take_example() -> str:
    """The term whose example the address asks for, told once; empty for none."""
    return str(st.query_params.pop(OPEN_TERM, ""))


def parameters() -> dict[str, str]:
    """The page's own parameters, each by its last value."""
    return {name: value for name, value in st.query_params.to_dict().items() if name not in RIDERS}


def lists() -> dict[str, list[str]]:
    """The same with all values of each."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name not in RIDERS}


def presents() -> bool:
    """Whether it asks for the large drawing."""
    return PRESENT in st.query_params


def keep_riders() -> None:
    """For a page that has no parameters of its own, and so writes none."""
    if not PRESENTING.get():
        st.query_params.pop(PRESENT, None)
    elif PRESENT not in st.query_params:
        st.query_params[PRESENT] = "1"


def write(parameters: Mapping[str, str | Sequence[str]]) -> None:
    """Make the address say this, so that a reload and a copied link find the same page."""
    written = {name: [text] if isinstance(text, str) else list(text) for name, text in parameters.items()}
    if PRESENTING.get():
        written[PRESENT] = ["1"]
    if written != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(written)
