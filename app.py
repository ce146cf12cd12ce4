"""BatchViz as one ASGI application: Streamlit's pages, the JSON routes and the chart's assets.

Started by `streamlit run app.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from batchviz.ui import resources
from batchviz.ui.session import VisitorCookie, asking
from batchviz.web.assets import asset_route
from batchviz.web.preload import ChartPreload
from batchviz.web.routes import routes


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """The engine runs for as long as the server does."""
    with resources.running_engine():
        yield


app = st.App(
    "batchviz/ui/main.py",
    lifespan=lifespan,
    routes=[*routes(resources.store, asking), asset_route()],
    middleware=[Middleware(VisitorCookie), Middleware(ChartPreload)],
)
