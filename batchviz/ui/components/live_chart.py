"""The live chart: training curves that grow while Keras trains, and play back afterwards.

One Streamlit component, mounted once. Python tells it which runs to show; everything else (points, status,
the sentence over the runs) its JavaScript fetches from `api/points`, so nothing here runs while curves grow.
Its scripts are in `batchviz/frontend/src`; what this page adds to `core/` and `chart/`, which every chart uses:

    index         wires all together, decides when to draw     page          its parts, the words between them
    run-list      which runs are shown, stopping, over         poller        asks for what is new
    recording     one run's points                             curves        a column as a curve
    groups        seeds of one setting as one                  band          their mean and range
    traces        recordings to a scene                        axes          which part of the plane is shown
    starts        what a press has started
    line-ends     labels at the ends of lines                  charts, chart the two charts, what they share
    clock         playback                                     player        its controls
    toolbar       how curves are drawn                         view-state    what was chosen
    cards         a card a group, card-numbers its values      epoch-table   the same numbers
    describe      the charts in words                      race-again    the race that makes equal what was not
    keys          a presenter's, for the whole page

Before the first run `opening/` shows a recorded race, which web.opening has put into the page.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from batchviz.frontend.assets import addresses, text
from batchviz.ui.components import notices
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
    on_measure: Callable[[str], None] | None = None,
    on_accept: Callable[[str], None] | None = None,
    on_again: Callable[[str], None] | None = None,
    on_start: Callable[[str], None] | None = None,
    owned: Sequence[str] = (),
    refused: Sequence[str] = (),
    preset: Mapping[str, str | float | bool] | None = None,
    alone: bool = False,
    invitation: str = "",
    again: Mapping[str, Any] | None = None,
    tell_clock: bool = False,
    starts: Mapping[str, str | int] | None = None,
    keys: bool = False,
) -> None:
    """Show runs as live curves, with their player, cards and table.

    `run_ids` are shown in this order. `on_stop` and `on_remove` are called with the id of each run of a card whose
    button the learner presses, before the script runs again, like any Streamlit callback: `on_remove` should take
    the id out of whatever `run_ids` comes from. Only runs in `owned` can be stopped: whose the others are, nobody
    is told. A stop that failed is added to `refused`, so that its card offers the button again. `on_measure` is
    called with the path of training whose clock is to be measured, `on_accept` when the learner takes the offer beside
    the sentence to train more; without it there is none.

    `again` offers races under the sentence: {"lead": words before them, "offers": [{"change", "name", "title"}]};
    `on_again` is called with the `change` of the one that is pressed.

    With `on_start` the recorded race of src/opening plays before the first run; it is called with the name of the
    preset (experiment/presets.py) whose button is pressed there.

    `preset` is what a link says about drawing, in the words of view-state.js; `alone` leaves the cards and the table
    out; `invitation` stands there before the first run. `tell_clock` makes the script run again when a
    clock of these runs becomes known, which nothing else would do. `starts` lets the chart ask `api/starts` for what a
    press has started: {"page": its token, "number": presses so far}. `keys` lets a presenter's keys act wherever the
    focus is, and no control needs it: play, steps, axis and full screen (src/live/keys.js). Mount it outside fragments
    that rerun on a timer.
    """
    _component(
        key=key,
        data={
            "key": key,
            "runs": list(run_ids),
            "owned": list(owned),
            "refused": list(refused),
            "assets": addresses("live"),
            "preset": dict(preset or {}),
            "alone": alone,
            "opening": on_start is not None,
            "invitation": invitation,
            "offers": on_accept is not None,
            "again": dict(again or {}),
            "tell_clock": tell_clock,
            "starts": starts,
            "keys": keys,
        },
        on_stop_change=partial(_call_back, key, "stop", on_stop),
        on_remove_change=partial(_call_back, key, "remove", on_remove),
        on_again_change=partial(_call_back, key, "again", on_again),
        on_start_change=partial(_call_back, key, "start", on_start),
        on_measure_change=partial(_call_back, key, "measure", on_measure),
        on_accept_change=partial(_call_back, key, "accept", on_accept),
        on_clock_change=notices.keep_report,  # a rerun is all it is for, and the next
        on_reconnected_change=notices.keep_report,
    )


def _call_back(key: str, trigger: str, callback: Callable[[str], None] | None) -> None:
    run_ids = getattr(Key(key, None).get(), trigger, None)
    if callback is not None and run_ids:
        for run_id in str(run_ids).split(","):
            callback(run_id)
