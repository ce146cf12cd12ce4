"""All files of all open pages together stay below a limit, those on their way included."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from batchviz.web.uploads import UploadLimit
from tests.web.threads import in_a_thread

ADDRESS = "/_stcore/upload_file/{session}/{file}"


class Pages:
    """What keeps files, as Streamlit does: those that it has been sent whole."""

    def __init__(self) -> None:
        self.bytes, self.arriving, self.may_end = 0, 0, asyncio.Event()

    async def take(self, request: Request) -> PlainTextResponse:
        self.arriving += 1
        await self.may_end.wait()
        self.bytes += len(await request.body())
        return PlainTextResponse("taken", status_code=204)


@pytest.fixture
def pages() -> Pages:
    return Pages()


def sending(pages: Pages) -> httpx.AsyncClient:
    app = Starlette(
        routes=[
            Route(ADDRESS, pages.take, methods=["PUT"]),
            Route("/other", pages.take, methods=["PUT"]),
        ]
    )
    limited = UploadLimit(app, held=lambda: pages.bytes, most=lambda: 1000)
    return httpx.AsyncClient(transport=httpx.ASGITransport(limited), base_url="http://test")


def test_files_of_many_pages_do_not_pile_up(pages: Pages) -> None:
    async def send() -> None:
        async with sending(pages) as client:
            pages.may_end.set()
            codes = [
                (await client.put(f"/lab/_stcore/upload_file/s{page}/f", content=b"x" * 300)).status_code
                for page in range(2)
            ]
            assert codes == [404, 404], "a prefix is part of the path, and the limit does not mind it"
            codes = [
                (await client.put(f"/_stcore/upload_file/s{page}/f", content=b"x" * 300)).status_code
                for page in range(5)
            ]
            assert codes == [204, 204, 204, 503, 503]
            refused = await client.put("/_stcore/upload_file/s/f", content=b"x" * 300)
            assert "choose the file again" in refused.text
            pages.bytes = 0  # a page was closed
            assert (await client.put("/_stcore/upload_file/s/f", content=b"x" * 300)).status_code == 204
            assert (await client.put("/other", content=b"x" * 3000)).status_code == 204

    in_a_thread(send)


def test_files_on_their_way_count(pages: Pages) -> None:
    async def send() -> None:
        async with sending(pages) as client:
            first = asyncio.create_task(client.put("/_stcore/upload_file/a/f", content=b"x" * 900))
            while not pages.arriving:
                await asyncio.sleep(0)
            refused = await client.put("/_stcore/upload_file/b/f", content=b"x" * 200)
            pages.may_end.set()
            assert (refused.status_code, (await first).status_code) == (503, 204)
            pages.bytes = 0
            assert (await client.put("/_stcore/upload_file/b/f", content=b"x" * 200)).status_code == 204

    in_a_thread(send)


def test_a_file_of_unknown_length_is_not_begun(pages: Pages) -> None:
    async def pieces():
        yield b"x" * 5000

    async def send() -> None:
        async with sending(pages) as client:
            refused = await client.put("/_stcore/upload_file/a/f", content=pieces())
            assert (refused.status_code, "Content-Length" in refused.text) == (411, True)

    in_a_thread(send)
