"""One press races again with something made equal that was not."""

from __future__ import annotations

import streamlit as st

from batchviz.analysis.race_again import RaceAgain
from batchviz.errors import BatchVizError
from batchviz.text import race_again as text
from batchviz.ui import resources, session
from batchviz.ui.compare import state
from batchviz.ui.compare.data import Fetched
from batchviz.ui.components import notices
from batchviz.ui.race_again import offered


def draw_races(fetched: Fetched) -> None:
    """A quiet row under the statement; none while runs train, and on a board, whose runs are chosen."""
    if fetched.unfinished or session.page() == "board":
        return
    races = list(offered(fetched.runs))
    if not races:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="race_again"):
        st.caption(text.LEAD, width="content")
        for race in races:
            st.button(
                text.name(race),
                key=f"again_{race.change.value}",
                type="tertiary",
                help=text.explanation(race),
                on_click=_start,
                args=(race,),
            )


def _start(race: RaceAgain) -> None:
    """Put the new runs beside those on the page."""
    try:
        ids = resources.submit(race.specs, session.visitor(), network=session.network())
    except BatchVizError as error:
        notices.report(str(error))
        return
    state.compare_runs([*state.compared(), *ids])
    notices.mention(text.started(race))
