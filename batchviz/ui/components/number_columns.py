"""Numbers in a grid, printed as everywhere else; they stay numbers, so that the grid sorts by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from batchviz.text.numbers import ABSENT


def printed(frame: pd.DataFrame, columns: Mapping[str, Callable[[Any], str]]) -> Styler:
    """The frame with these of its columns printed; where there is no number, a grid shows its placeholder."""
    formats: dict[Any, Any] = {name: write for name, write in columns.items() if name in frame}
    return frame.style.format(formats, na_rep=ABSENT, subset=list(formats))
