"""A name that is not this server's is refused, on every kind of request; frames are for the sites that were stated."""

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from batchviz.web.access import Access, access_by
from batchviz.web.routes import middleware

HERE = access_by((), (), "127.0.0.1")


def client(access: Access) -> TestClient:
    async def page(_: object) -> Response:
        return HTMLResponse("<!doctype html><head></head><body></body>")

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    routes = [Route("/", page), WebSocketRoute("/stream", socket)]
    return TestClient(Starlette(routes=routes, middleware=middleware(lambda: access)))


@pytest.mark.parametrize(
    ("host", "access", "allowed"),
    [
        ("localhost:8501", HERE, True),
        ("LOCALHOST", HERE, True),
        ("lab.localhost", HERE, True),
        ("localhost.", HERE, True),
        ("127.0.0.1:8501", HERE, True),
        ("192.168.1.7", HERE, True),  # of a class room: an address cannot be made to mean another machine
        ("[::1]:8501", HERE, True),
        ("rebound.example", HERE, False),
        ("localhost.evil.example", HERE, False),
        ("127.0.0.1.evil.example", HERE, False),
        ("", HERE, False),
        ("anything.example", access_by((), (), "0.0.0.0"), True),
        ("lab.example.org", access_by(("Lab.Example.org",), (), "0.0.0.0"), True),
        ("evil.example", access_by(("lab.example.org",), (), "0.0.0.0"), False),
        ("a.example.net", access_by(("*.example.net",), (), ""), True),
        ("example.net", access_by(("*.example.net",), (), ""), False),
        ("notexample.net", access_by(("*.example.net",), (), ""), False),
        ("anything.example", access_by(("*",), (), "127.0.0.1"), True),
    ],
)
def test_who_asks_by_another_name_is_refused(host: str, access: Access, allowed: bool) -> None:
    asking = client(access)
    answer = asking.get("/", headers={"Host": host})
    assert answer.status_code == (200 if allowed else 421)
    if not allowed:
        assert "BATCHVIZ_ALLOWED_HOSTS" in answer.text
        with (
            pytest.raises(WebSocketDisconnect),
            asking.websocket_connect("/stream", headers={"Host": host}),
        ):
            pass
    else:
        with asking.websocket_connect("/stream", headers={"Host": host}):
            pass


@pytest.mark.parametrize(
    ("frames", "directive"),
    [
        ((), "frame-ancestors 'self'"),
        (("https://lms.example.org",), "frame-ancestors 'self' https://lms.example.org"),
        (("*",), "frame-ancestors 'self' *"),
    ],
)
def test_a_page_stands_in_frames_of_the_stated_sites_alone(frames: tuple[str, ...], directive: str) -> None:
    answer = client(access_by((), frames, "")).get("/")
    assert directive in answer.headers["content-security-policy"].split("; ")
