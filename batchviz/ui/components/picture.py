"""A picture of a term (figures/terms) on the page: SVG of our own, which Streamlit takes out of a page's HTML.

Each is a component of its own without a script, so that what is inserted is a file of this package and nothing else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import streamlit as st

from batchviz.figures.terms import PICTURES, term_picture


def term_picture_shown(name: str) -> bool:
    """Draw the picture of that name; False where there is none."""
    if name not in PICTURES:
        return False
    _component(name)(key=f"picture_{name}")
    return True


@functools.cache
def _component(name: str) -> Callable[..., Any]:
    return st.components.v2.component(
        f"batchviz_picture_{name}",
        html=f'<div class="batchviz-lesson-picture">{term_picture(name)}</div>',
        isolate_styles=False,
    )
