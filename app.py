"""BatchViz as one ASGI application: Streamlit's pages, the JSON routes and the chart's assets.

Started by `streamlit run app.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from batchviz import ui
from batchviz.ui import resources
from batchviz.web.routes import middleware, routes


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """The engine runs for as long as the server does."""
    with resources.running_engine():
        yield


app = st.App(
    Path(ui.__file__).with_name("main.py"),
    lifespan=lifespan,
    routes=routes(
        resources.store,
        prefix=st.get_option("server.baseUrlPath"),
        workers=resources.workers,
        metrics_token=resources.metrics_token,
        uploads_bytes=resources.uploads_bytes,
    ),
    middleware=middleware(resources.access, (resources.uploads_bytes, resources.max_uploads_bytes)),
)
