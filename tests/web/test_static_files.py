"""Streamlit's scripts and styles come compressed, whole and to be kept; all else is Streamlit's answer."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from batchviz.web.static_files import CompressedStatic
from batchviz.web.streamlit_private import static_folder

JS = sorted((static_folder() / "static" / "js").glob("index.*.js"))[0]
CSS = sorted((static_folder() / "static" / "css").glob("index.*.css"))[0]


@pytest.fixture(scope="module")
def client() -> TestClient:
    async def streamlits(_: object) -> PlainTextResponse:
        return PlainTextResponse("Streamlit's")

    return TestClient(CompressedStatic(Starlette(routes=[Route("/{path:path}", streamlits)])))


@pytest.mark.parametrize("prefix", ["", "/class/room"])
@pytest.mark.parametrize("path", [JS, CSS], ids=lambda path: path.suffix)
def test_a_script_comes_compressed_and_is_kept(client: TestClient, prefix: str, path: object) -> None:
    file = JS if path == JS else CSS
    with client.stream("GET", f"{prefix}/static/{file.parent.name}/{file.name}") as answer:
        raw = b"".join(answer.iter_raw())
    assert gzip.decompress(raw) == file.read_bytes()
    assert len(raw) == int(answer.headers["content-length"]) < 0.4 * file.stat().st_size
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/static/js/{JS.name}", {"Accept-Encoding": "identity"}),
        (f"/static/js/{JS.name}", {"Range": "bytes=0-9"}),
        ("/static/js/none.js", {}),
        ("/static/js/..%2f..%2fmanifest.json", {}),
        ("/static/../static/manifest.json", {}),
        ("/static/js", {}),
        ("/app/static/inter-latin.woff2", {}),
        ("/", {}),
    ],
)
def test_other_requests_are_streamlits(client: TestClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers=headers).text == "Streamlit's"
