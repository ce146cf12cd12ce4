"""Streamlit's page gets a script and a policy that allows it; what is no page passes as it is."""

import base64
import gzip
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from batchviz.frontend.assets import text
from batchviz.web.opening import StartMode, with_opening
from batchviz.web.page import SCRIPTS, StreamlitPage
from batchviz.web.streamlit_private import BASE_SCRIPT, static_folder

INDEX = (static_folder() / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def client() -> TestClient:
    async def page(_: object) -> Response:
        return HTMLResponse(INDEX, headers={"ETag": '"a"', "Last-Modified": "Sat, 28 Nov 2026 17:08:15 GMT"})

    async def file(_: object) -> Response:
        return HTMLResponse(INDEX, headers={"Content-Disposition": 'attachment; filename="runs.html"'})

    async def plain(_: object) -> Response:
        return PlainTextResponse("<head>")

    app = Starlette(
        routes=[Route("/", page), Route("/file", file), Route("/text", plain), Route("/{all:path}", page)]
    )
    return TestClient(StreamlitPage(GZipMiddleware(app)))


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_page_is_told_where_its_server_is_before_it_starts(client: TestClient, encoding: str) -> None:
    answer = client.get("/", headers={"Accept-Encoding": encoding})
    assert answer.headers.get("content-encoding", "identity") == encoding
    page = with_opening(INDEX.encode(), StartMode.AT_ONCE).decode()
    assert answer.text == page.replace("<head>", f"<head>{SCRIPTS}", 1)
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers


def test_the_policy_allows_the_scripts_that_stand_in_the_page_and_no_others(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    allowed = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert _hash(BASE_SCRIPT) in allowed
    assert _hash(text("src/history.js")) in allowed
    assert _hash("alert(1)") not in allowed
    assert "unsafe" not in allowed
    assert "default-src 'self'" in policy


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def test_an_answer_without_a_body_and_a_file_to_keep_pass_unchanged(client: TestClient) -> None:
    assert client.head("/").content == b""
    assert client.get("/file").text == INDEX
    assert client.get("/text").text == "<head>"


def test_every_answer_is_what_its_type_says(client: TestClient) -> None:
    for path in ("/", "/file", "/text"):
        assert client.get(path).headers["x-content-type-options"] == "nosniff"


def test_the_page_compressed_is_the_page(client: TestClient) -> None:
    with client.stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(raw) == int(answer.headers["content-length"])
    assert BASE_SCRIPT.encode() in gzip.decompress(raw)


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/lab/_stcore/metrics"])
def test_how_the_server_is_doing_is_told_to_nobody(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_with_a_policy_of_its_own_passes_unchanged() -> None:
    async def page(_: object) -> Response:
        return HTMLResponse(INDEX, headers={"Content-Security-Policy": "default-src 'none'"})

    answer = TestClient(StreamlitPage(Starlette(routes=[Route("/", page)]))).get("/")
    assert answer.text == INDEX
    assert answer.headers["content-security-policy"] == "default-src 'none'"
