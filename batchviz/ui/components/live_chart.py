"""The live chart: training curves that grow while Keras trains, and play back afterwards.

One Streamlit component, mounted once. Python tells it which runs to show; everything else (points, status,
the sentence over the runs) its JavaScript fetches from `api/points`, so nothing here runs while curves grow.
app.py serves the modules with `assets.asset_route`.

    live.js       puts all together and decides when to draw                mounted.js    one a place
    feed.js       polling               recording.js  one run's points      series.js     columns, search
    curve.js      a column as a curve   smoothing.js  moving average        downsample.js extremes kept
    figure.js     lines and axes        marks.js      line ends, labels     ends.js       draws those
    ranges.js     what part to show     labels.js     labels kept apart     chart.js      and its gestures
    clock.js      playback              player.js     its controls          toolbar.js    how curves are drawn
    hover.js      values at a pointer   summary.js    a chart in words      table.js      the same numbers
    cards.js      a card a run          picture.js    PNG and SVG           view.js       what was chosen
    theme.js      Streamlit's theme     color.js      contrast              axes.js       names and units
    names.js      names at line ends    format.js     numbers               dom.js        elements, empty.js
    noise.js      updates in words      doubleclick.js  on a picture
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from batchviz.frontend.assets import COMPONENTS, text
from batchviz.ui.session_state import Key

# Styles are not isolated: Plotly puts its own into the document's head, which a shadow root would not see.
# Every rule of its style sheets stays below .batchviz-live instead.
_component = st.components.v2.component(
    "batchviz_live",
    html='<div class="batchviz-live" data-testid="live"></div>',
    js=text("src/mount.js"),
    isolate_styles=False,
)


def live_chart(
    run_ids: Sequence[str],
    *,
    key: str = "live",
    on_stop: Callable[[str], None] | None = None,
    on_remove: Callable[[str], None] | None = None,
    mine: Sequence[str] = (),
    refused: Sequence[str] = (),
    preset: Mapping[str, str | float | bool] | None = None,
    alone: bool = False,
    invitation: str = "",
    tell_end: bool = False,
) -> None:
    """Show runs as live curves, with their player, cards and table.

    `run_ids` are shown in this order. `on_stop` and `on_remove` are called with a run's id when the learner
    presses that button, before the script runs again, like any Streamlit callback: `on_remove` should take
    the id out of whatever `run_ids` comes from. Only runs in `mine` can be stopped: whose the others are, nobody
    is told. A stop that failed is added to `refused`, so that its card offers the button again.

    `preset` is what a link says about drawing, in the words of view.js; `alone` leaves the cards and the table
    out; `invitation` stands there before the first run. `tell_end` makes the script run again
    when a run turns out to be over, which nothing else would do. Mount it outside fragments that rerun on a timer.
    """
    _component(
        key=key,
        data={
            "key": key,
            "runs": list(run_ids),
            "mine": list(mine),
            "refused": list(refused),
            "assets": COMPONENTS["live"].addresses,
            "preset": dict(preset or {}),
            "alone": alone,
            "invitation": invitation,
            "tell_end": tell_end,
        },
        on_stop_change=partial(_tell, key, "stop", on_stop),
        on_remove_change=partial(_tell, key, "remove", on_remove),
        on_ended_change=lambda: None,  # a rerun is all it is for, and the next
        on_reconnected_change=lambda: None,
    )


def _tell(key: str, trigger: str, callback: Callable[[str], None] | None) -> None:
    run_id = getattr(Key(key, None).get(), trigger, None)
    if callback is not None and run_id:
        callback(str(run_id))
