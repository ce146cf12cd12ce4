"""A browser gets a name with its first page, and keeps it; what is no name of ours is nobody's."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from batchviz.web.visitor import (
    COOKIE,
    FrameCookies,
    VisitorCookie,
    name_in,
    network_in,
    new_name,
    visitor_of,
)


@pytest.fixture
def client() -> TestClient:
    async def page(_: object) -> HTMLResponse:
        return HTMLResponse("<p>A page.</p>")

    async def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(visitor_of(request))

    return TestClient(VisitorCookie(Starlette(routes=[Route("/", page), Route("/who", who)])))


def test_a_new_browser_gets_its_name_with_the_first_page_and_keeps_it(client: TestClient) -> None:
    cookie = client.get("/").headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    name = client.get("/who").text
    assert cookie.startswith(f"{COOKIE}={name};")
    assert "set-cookie" not in client.get("/").headers
    assert client.get("/who").text == name


@pytest.mark.parametrize(("address", "forwarded"), [("https://test/", ""), ("http://test/", "https, http")])
def test_over_https_the_name_is_kept_in_a_frame_of_another_site_too(
    client: TestClient, address: str, forwarded: str
) -> None:
    cookie = client.get(address, headers={"x-forwarded-proto": forwarded}).headers["set-cookie"]
    assert {"HttpOnly", "Secure", "SameSite=None", "Partitioned"} <= set(cookie.split("; "))


def test_only_pages_bring_a_name(client: TestClient) -> None:
    answer = client.get("/who")
    assert "set-cookie" not in answer.headers
    assert answer.text == ""


def test_names_are_long_and_never_the_same() -> None:
    names = {new_name() for _ in range(100)}
    assert len(names) == 100
    assert all(name_in({COOKIE: name}) == name for name in names)


def test_over_https_an_upload_is_possible_in_a_frame_of_another_site_too() -> None:
    async def page(_: object) -> PlainTextResponse:
        answer = PlainTextResponse("ok")
        answer.headers.append("set-cookie", "_streamlit_xsrf=2|a|b|1; Path=/; SameSite=Lax")
        answer.headers.append("set-cookie", "another=1; SameSite=Lax")
        return answer

    client = TestClient(FrameCookies(Starlette(routes=[Route("/", page)])))
    secure = client.get("https://test/").headers.get_list("set-cookie")
    assert secure == [
        "_streamlit_xsrf=2|a|b|1; Path=/; Secure; SameSite=None; Partitioned",
        "another=1; SameSite=Lax",
    ]
    assert "SameSite=Lax" in client.get("http://test/").headers.get_list("set-cookie")[0]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        (None, ""),
        ("unix:", ""),
    ],
)
def test_a_line_is_one_network_however_many_addresses_it_has(address: str | None, network: str) -> None:
    assert network_in(address) == network


@pytest.mark.parametrize("text", ["", "short", "x" * 65, "not a name of ours", "../../etc/passwd/and/more"])
def test_what_is_no_name_of_ours_is_nobodys(text: str) -> None:
    assert name_in({COOKIE: text}) == ""
