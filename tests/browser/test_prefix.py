"""The application below a path of its own, as behind a proxy: every page whole, and no word in any console."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from benchmarks.compare import record
from scripts.server import ROOT, Server, free_port
from tests.browser.conftest import IDLE

OTHERS = sorted(page.stem for page in (ROOT / "pages").glob("*.py") if page.stem != "playground")


@pytest.fixture(scope="module")
def lab(server: Server) -> Iterator[tuple[Server, str]]:
    """A second web server on the database of the first, whose engine it shares: another one takes long to come up."""
    server = Server(server.data_dir, free_port(), prefix="lab")
    server.start()
    store = Store(server.database)
    runs = ",".join(record(store, RunSpec(batch_size=size)) for size in (8, 128))
    store.close()
    yield server, runs
    server.stop()


@pytest.fixture(scope="module")
def shared_context(browser: Browser, lab: tuple[Server, str]) -> Iterator[BrowserContext]:
    """One page for all, which keeps compiled what every address brings along."""
    context = browser.new_context()
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def watched(shared_context: BrowserContext, lab: tuple[Server, str]) -> Iterator[tuple[Page, list[str]]]:
    """A page of somebody who was never here."""
    server, _ = lab
    (page,), complaints = shared_context.pages, list[str]()
    listeners: dict[Any, Callable[[Any], None]] = {
        "console": lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        "pageerror": lambda error: complaints.append(str(error)),
        "response": lambda got: complaints.append(f"{got.status} {got.url}") if got.status >= 400 else None,
        "request": lambda sent: (
            complaints.append(f"elsewhere: {sent.url}")
            if not sent.url.startswith((server.url, "data:", "blob:"))
            else None
        ),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield page, complaints
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    page.goto(f"{server.url}/_stcore/health")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    shared_context.clear_cookies()


@pytest.mark.parametrize(
    "address", ["", "?embed=true", "?v=1&runs={runs}", "compare?v=1&runs={runs}", *OTHERS]
)
def test_every_page_is_whole_and_nothing_is_refused(
    watched: tuple[Page, list[str]], lab: tuple[Server, str], address: str
) -> None:
    (page, complaints), (server, runs) = watched, lab
    page.goto(f"{server.url}/{address.format(runs=runs)}")
    page.wait_for_selector(IDLE)
    if address in ("", "?embed=true"):
        page.wait_for_selector(".batchviz-live .batchviz-opening[data-first-motion]")
    if "runs=" in address:
        page.wait_for_selector(".plot-container .scatterlayer path.js-line[d*=L]")
    assert complaints == []


def test_a_file_is_taken_away_from_there(lab: tuple[Server, str], watched: tuple[Page, list[str]]) -> None:
    (page, complaints), (server, runs) = watched, lab
    page.goto(f"{server.url}/compare?v=1&runs={runs}")
    page.wait_for_selector(IDLE)
    page.get_by_role("button", name="Export").click()
    link = page.get_by_role("link", name="CSV").first
    answer = page.request.get(link.evaluate("link => link.href"))
    assert answer.ok
    assert answer.body().decode("utf-8-sig").startswith("run_id,")
    assert complaints == []
