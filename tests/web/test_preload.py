"""Pages that open with curves name what these need; others do not. That it is all they need: tests/browser."""

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from batchviz.frontend.assets import addresses
from batchviz.web.preload import ChartPreload


@pytest.fixture
def client() -> TestClient:
    async def page(_: object) -> HTMLResponse:
        return HTMLResponse("<p>A page.</p>", headers={"Link": "<theirs>; rel=preload"})

    async def text(_: object) -> PlainTextResponse:
        return PlainTextResponse("ok")

    app = Starlette(routes=[Route("/class/board/text", text), Route("/{path:path}", page)])
    return TestClient(ChartPreload(app))


@pytest.mark.parametrize(
    ("address", "component"),
    [
        ("/compare?v=1&runs=abc", "figure"),
        ("/class/compare?runs=abc&v=1", "figure"),
        ("/board?id=abc", "figure"),
        ("/?v=1&runs=abc", "live"),
        ("/class/?runs=abc", "live"),
    ],
)
def test_a_link_to_curves_names_them(client: TestClient, address: str, component: str) -> None:
    theirs, ours = client.get(address).headers.get_list("link")
    assert theirs == "<theirs>; rel=preload"  # whoever else has something to say still has
    named = ours.split(",")
    assert "<api/plotly.js>;rel=preload;as=script" in named
    assert f"<{addresses(component)['module']}>;rel=modulepreload" in named
    assert f"<{addresses(component)['style']}>;rel=preload;as=style" in named
    assert len(named) == len(set(named))
    assert len(ours) < 3000  # all headers of an answer together must stay below 4 kB


@pytest.mark.parametrize(
    "address",
    ["/", "/?v=1&batch_size=8", "/compare", "/compare?v=1&runs=", "/runs?runs=abc", "/class/board/text?id=a"],
)
def test_others_do_not(client: TestClient, address: str) -> None:
    assert "api/plotly.js" not in client.get(address).headers.get("link", "")
