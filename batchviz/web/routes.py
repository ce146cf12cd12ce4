"""What app.py adds to Streamlit's server: the JSON routes the chart reads and the files people take away, all
read-only but for what other programs send to a class, and what every answer passes. Points are answered from memory
where that is possible: see web.run_cache.

    GET api/points?run=ID:ATTEMPT:EPOCHS:UPDATES[:TOLD]&run=...[&updates=first]   what is new of up to 128 runs;
        [&color=FIELD][&dash=FIELD][&panels=FIELD]                                what tells them apart;
        [&wait=1]                                          held back until something is new, for a second at most
    GET api/starts?page=TOKEN&after=NUMBER                 the runs that a press on this page has queued, and what
        [&color=FIELD][&dash=FIELD][&panels=FIELD]         is recorded of those that it did not show before
    GET api/clocks?run=ID&run=...                          seconds of their updates on this machine's clocks
    GET api/export/NAME?runs=ID,ID or run=ID&run=ID        runs as a file: exporters.EXPORTS, web.export
    GET api/class/CODE, c/CODE; POST c/CODE/...            classes: web.class_routes
    GET api/terms                                          the cards of all terms, with what opens them
    GET api/plotly.js                                      the drawing library
    GET api/metrics                                        for Prometheus, with a token: web.metrics
    GET api/demo.html                                      the recorded race, as a page that needs no websocket
    GET api/health                                         200 where the database answers and the engine runs, else 503
    GET assets/VERSION/NAME                                the components' scripts and styles

ATTEMPT, EPOCHS and UPDATES are what the client has: the `attempt` it was told last, its epoch rows, its
bins of updates; `ID:0:0:0` at first. `attempt` changes, with `"reset": true`, when the rows must be taken
anew: the run was started again, or its bins became wider. Only whole bins are sent until a run is over.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

import anyio.to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchviz.errors import BatchVizError, StoreError
from batchviz.store import ClassError, NoClassError, Store
from batchviz.store.selection import MissingError
from batchviz.web.access import Access, KnownHosts
from batchviz.web.assets import asset_route, plotly
from batchviz.web.class_routes import class_endpoints
from batchviz.web.clocks import answer as clocks_of
from batchviz.web.demo import ADDRESS as DEMO_ADDRESS
from batchviz.web.demo import recorded_demo
from batchviz.web.export import NO_STORE, BusyError, Downloads
from batchviz.web.metrics import metrics_answer
from batchviz.web.news import WAIT_SECONDS, News
from batchviz.web.page import StreamlitPage
from batchviz.web.points import Feed, tells_something
from batchviz.web.preload import ChartPreload
from batchviz.web.query import ClientState, cursors, encoding_choice, run_ids, start_asked
from batchviz.web.starts import STARTS
from batchviz.web.static_files import CompressedStatic
from batchviz.web.terms import terms
from batchviz.web.uploads import UploadLimit
from batchviz.web.visitor import FrameCookies, VisitorCookie, visitor_of


def middleware(
    access: Callable[[], Access] = Access, uploads: tuple[Callable[[], int], Callable[[], int]] | None = None
) -> tuple[Middleware, ...]:
    """What every request passes, the outermost first; `uploads`: what files of pages take in memory, and may take."""
    return (
        Middleware(KnownHosts, access=access),
        Middleware(CompressedStatic),  # most requests of a new browser: the others need not pass them on
        *([Middleware(UploadLimit, held=uploads[0], most=uploads[1])] if uploads else []),
        Middleware(StreamlitPage, access=access),
        Middleware(VisitorCookie),
        Middleware(FrameCookies),
        Middleware(ChartPreload),
    )


def routes(
    store: Callable[[], Store],
    owner: Callable[[Request], str] = visitor_of,
    *,
    prefix: str = "",
    workers: Callable[[], int] = lambda: 1,
    metrics_token: Callable[[], str] = str,
    uploads_bytes: Callable[[], int] = int,
) -> list[Route]:
    """The routes; `store` is called when a request needs the database, `owner` tells whose names an export shows.

    `workers` train at once; `metrics_token` opens api/metrics, empty: to nobody.

    `prefix` is the path below which the whole application is served, Streamlit's `server.baseUrlPath`: "lab".
    """
    feed, news, downloads = Feed(store, workers), News(store), Downloads()

    async def points(request: Request) -> Response:
        clients, means = cursors(request.query_params.getlist("run")), encoding_choice(request.query_params)
        STARTS.see({run_id: had.cursor.epochs for run_id, had in clients.items()})
        first = request.query_params.get("updates") == "first"

        async def answer() -> bytes:
            body = feed.at_once(clients, means, first_updates=first)
            if body is None:
                of_store = functools.partial(feed.answer, clients, means, first_updates=first)
                body = await anyio.to_thread.run_sync(of_store)
            return body

        waits = request.query_params.get("wait") == "1"
        body = await (news.held(answer, tells_something, WAIT_SECONDS) if waits else answer())
        return Response(body, media_type="application/json", headers=NO_STORE)

    async def starts(request: Request) -> Response:
        page, number = start_asked(request.query_params)
        means = encoding_choice(request.query_params)
        start = await STARTS.after(page, number)
        if start is None:
            return Response(status_code=204, headers=NO_STORE)
        clients = dict.fromkeys(start.runs, ClientState())
        answer = functools.partial(feed.answer, clients, means, first_updates=True, only=start.fresh)
        points = await STARTS.first_points(start, answer, news)
        body = {"number": start.number, "runs": list(start.runs), "points": points}
        return JSONResponse(body, headers=NO_STORE)

    async def clocks(request: Request) -> Response:
        ids = run_ids(request.query_params.getlist("run"))
        body = await anyio.to_thread.run_sync(lambda: clocks_of(store(), ids))
        return JSONResponse(body, headers=NO_STORE)

    async def export(request: Request) -> Response:
        return await downloads.start(request, store, owner)

    async def metrics(request: Request) -> Response:
        more = {"uploaded_bytes": uploads_bytes, "downloads": lambda: downloads.under_way}
        return await anyio.to_thread.run_sync(lambda: metrics_answer(request, metrics_token(), store(), more))

    async def health(request: Request) -> Response:
        state = await anyio.to_thread.run_sync(lambda: store().processes.engine_state())
        # Who asks by machine reads the number alone: a page without an engine shows runs, and trains none.
        status, code = ("ok", 200) if state in ("ready", "warming") else ("unavailable", 503)
        return JSONResponse({"status": status, "engine": state}, status_code=code, headers=NO_STORE)

    base = f"/{prefix.strip('/')}".rstrip("/")
    return [
        Route(f"{base}/api/points", with_json_errors(points)),
        Route(f"{base}/api/starts", with_json_errors(starts)),
        Route(f"{base}/api/clocks", with_json_errors(clocks)),
        Route(f"{base}/api/export/{{name}}", with_json_errors(export)),
        Route(f"{base}/api/terms", terms),
        Route(f"{base}/api/plotly.js", plotly),
        Route(f"{base}/api/metrics", with_json_errors(metrics)),
        Route(f"{base}/{DEMO_ADDRESS}", recorded_demo),
        Route(f"{base}/api/health", with_json_errors(health)),
        *(
            Route(f"{base}{path}", with_json_errors(endpoint), methods=[method])
            for (method, path), endpoint in class_endpoints(store, base).items()
        ),
        asset_route(base),
    ]


def with_json_errors(
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint, which answers what it raises: the error's text as JSON, with the status that fits."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except MissingError as error:
            return _error(404, str(error))
        except NoClassError as error:
            return _error(404, str(error))
        except ClassError as error:
            return _error(409, str(error))
        except (StoreError, BusyError) as error:
            return _error(503, str(error))
        except BatchVizError as error:
            return _error(400, str(error))

    return answer


def _error(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status_code=status, headers=NO_STORE)
