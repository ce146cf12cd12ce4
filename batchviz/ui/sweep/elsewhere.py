"""The answer for another machine: a program that times this network there, and what its line makes of the seconds."""

from __future__ import annotations

import streamlit as st

from batchviz.analysis.sweep.machine import EXPECTED, MAX_LINE_LENGTH, Elsewhere, elsewhere, read
from batchviz.errors import SpecError
from batchviz.exporters.machine_snippet import machine_snippet
from batchviz.text.sweep.elsewhere import elsewhere_sentences
from batchviz.ui.components import notices
from batchviz.ui.session_state import SWEEP_MACHINE
from batchviz.ui.sweep.data import Fetched


def draw_elsewhere(fetched: Fetched) -> Elsewhere | None:
    """What to run there and where to paste its line; returns what it says, None without one."""
    with st.expander("On another machine", key="sweep_elsewhere"):
        st.markdown(
            "How many updates a batch size needs belongs to the network and its data; what an update takes belongs to "
            "a machine. Run this where you will train, about ten seconds of plain Keras, and paste the line it prints."
        )
        st.code(machine_snippet(fetched.sweep.spec.base), language="python", height=180)
        line = st.text_input(
            "The line it printed", key=SWEEP_MACHINE.name, max_chars=MAX_LINE_LENGTH, placeholder=EXPECTED
        )
        if not line:
            return None
        try:
            on_machine = elsewhere(fetched.findings, read(line))
        except SpecError as error:
            notices.problem(str(error))
            return None
        st.markdown(" ".join(elsewhere_sentences(on_machine, fetched.findings)))
        return on_machine
