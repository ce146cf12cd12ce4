"""BatchViz as one ASGI application: Streamlit's pages, the JSON routes and the chart's assets.

Started by `streamlit run app.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from batchviz.api import routes
from batchviz.ui import laboratory
from batchviz.ui.assets import asset_route
from batchviz.ui.early import EarlyCharts
from batchviz.ui.visitor import VisitorCookie, asking


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """The engine runs for as long as the server does."""
    with laboratory.running_engine():
        yield


app = st.App(
    "batchviz/ui/shell.py",
    lifespan=lifespan,
    routes=[*routes(laboratory.store, asking), asset_route()],
    middleware=[Middleware(VisitorCookie), Middleware(EarlyCharts)],
)
