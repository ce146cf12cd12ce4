"""A finished figure on the page: any Plotly figure as a dict, drawn with the app's own Plotly.

src/figure/read-figure.js makes a scene of it; src/chart/ draws it, as it draws the live page's.

What the component reads from a figure beside Plotly's own words, so that one figure serves light and dark:

- A colour may be `{"light": "#...", "dark": "#..."}`. Fonts, grids and backgrounds are the page's.
- A trace with `showlegend=True` is a curve: its name stands at its end, in the list under the pointer and in the
  table. Bands, single seeds and noise have `showlegend=False`. Names are escaped for Plotly, as in any figure.
- `meta.end` of a curve in one of several panels is its name beside the panel's heading.
- `customdata` of a curve, one (lowest, highest) a point, is shown beside its value. A trace with `meta="updates"` is
  a line through single updates: it is pale, and only its bulk stretches the axis.
- Lines and markers are drawn, and areas between lines; axes are linear or logarithmic. A range that is not given
  holds all traces and floors.
- `layout.meta`: `x` is the word before a position under the pointer (`epoch`), `y` the word over its values; `floors`,
  the best values possible, and `budget`, where an equal budget ends, are lines; `bounded` says that growing values
  are no divergence; `panels` has a `heading` and its `color` a panel.
- Several x-axes are panels, in reading order, with the same axes. With `layout.meta.apart` each has its own, and its
  entry in `panels` its own words of `meta`.
- `meta.bare` of a curve leaves its end without a dot, where its points have marks of their own.
- `ids` of a curve, one a point, are addresses relative to the app's: a press on the point leads there.
- NumPy arrays are sent as float32.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from batchviz.frontend.assets import addresses, text

# The styles of every chart hold here, hence the class; figure.css says what differs.
_component = st.components.v2.component(
    "batchviz_chart",
    html='<div class="batchviz-live batchviz-chart" data-testid="chart" style="min-height: 26rem"></div>',
    js=text("src/mount.js"),
    isolate_styles=False,
)


def chart(
    figure: Mapping[str, Any],
    *,
    key: str,
    title: str,
    alt: str,
    note: str = "",
    caption: str = "",
    file_name: str = "batchviz",
    csv: bool = False,
) -> None:
    """Draw a Plotly figure (`{"data": [...], "layout": {...}}`) under a heading.

    `title` stands over the chart, `note` under it, and `caption` under it in pictures: plain text. `alt` says what is
    to be seen, for those who do not see it. A rerun with another figure redraws in place: what the visitor zoomed
    into stays, unless `layout.uirevision` changed. `csv` offers the numbers of its curves as a file.
    """
    _component(
        key=key,
        data={
            "assets": addresses("figure"),
            "figure": _sendable(figure),
            "title": title,
            "alt": alt,
            "note": note,
            "caption": caption,
            "fileName": file_name,
            "csv": csv,
        },
    )


def _sendable(part: Any) -> Any:
    """The figure as JSON has it: arrays as Plotly's own base64, which keeps NaN and is a third of the text."""
    if isinstance(part, Mapping):
        return {name: _sendable(value) for name, value in part.items()}
    if isinstance(part, np.ndarray) and part.dtype.kind in "fiu":
        shape = ",".join(map(str, part.shape))
        return {
            "dtype": "f4",
            "shape": shape,
            "bdata": base64.b64encode(part.astype("<f4").tobytes()).decode(),
        }
    if isinstance(part, np.ndarray):
        return _sendable(part.tolist())
    if isinstance(part, list | tuple):
        return [_sendable(value) for value in part]
    if isinstance(part, np.generic):
        return _sendable(part.item())
    return None if isinstance(part, float) and not np.isfinite(part) else part
