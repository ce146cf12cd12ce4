"""The peer of the pages: a bare Streamlit app with one `st.plotly_chart` of the curves of the first screen.

`bare` serves it; it is `app` below, as its author would write it: no theme, no component, no store.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from batchviz.recorded import opening
from scripts.server import START_SECONDS, free_port, wait_for

APP = """\
import plotly.graph_objects as go
import streamlit as st

CURVES = {curves}
WATCH = {watch!r}

st.html(f"<script>{{WATCH}}</script>", unsafe_allow_javascript=True)
st.title("Batch size")
if st.button("Train"):
    st.session_state.runs = st.session_state.get("runs", 0) + 1
power = 1 + st.session_state.get("runs", 0) / 10
figure = go.Figure([go.Scatter(x=x, y=[value ** power for value in y], name=name) for name, (x, y) in CURVES.items()])
st.plotly_chart(figure)
"""
LINES = ".js-plotly-plot .scatterlayer path.js-line"
WATCH = f"""
if (!window.bare) {{
  window.bare = {{ drawn: [], line: "" }};
  addEventListener("pointerdown", () => (bare.clicked = performance.now()), true);
  const look = () => {{
    const line = document.querySelector({LINES!r})?.getAttribute("d");
    if (line && line !== bare.line) bare.drawn.push(performance.now());
    bare.line = line || bare.line;
    requestAnimationFrame(look);
  }};
  look();
}}"""
"""Notes when the curves are on the screen, first and anew. The app's own script: nothing is attached to the page."""


@contextlib.contextmanager
def bare() -> Iterator[str]:
    """Its address, served on a free port of the loopback by a process of its own."""
    curves = {
        str(run.spec.batch_size): (
            (rows["examples"] / run.plan.training_rows).tolist(),
            rows["val_metric"].tolist(),
        )
        for run, rows, _ in opening().runs
    }
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "app.py"
        script.write_text(APP.format(curves=curves, watch=WATCH), encoding="utf-8")
        url = f"http://127.0.0.1:{free_port()}"
        settings = [
            "--server.headless=true",
            "--server.address=127.0.0.1",
            "--browser.gatherUsageStats=false",
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={url.rpartition(':')[2]}",
             *settings],
            cwd=folder, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(f"{url}/_stcore/health", "ok", START_SECONDS)
            yield url
        finally:
            process.terminate()
            process.wait()
