"""What a person sees when processes die under a run."""

import os
import signal
import socket
import time

import pytest
from playwright.sync_api import expect

from batchviz.store import Store
from tests.browser.conftest import Playground, Server

pytestmark = pytest.mark.browser

LONG = "?v=1&rows=20000&hidden=128-64&batch_size=1&budget=50"


def worker_of(server: Server, run_id: str) -> int:
    store = Store(f"sqlite:///{server.data_dir / 'batchviz.db'}")
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for held in store.attempts.running():
                # Right after a claim it is the dispatcher's token, then the worker's host:pid.
                if held.id == run_id and ":" in held.worker:
                    host, _, pid = held.worker.rpartition(":")
                    assert host == socket.gethostname()
                    return int(pid)
            time.sleep(0.1)
    finally:
        store.close()
    raise AssertionError(f"No worker holds {run_id}.")


def test_a_killed_worker_is_told_and_a_second_time_fails_the_run(
    playground: Playground, server: Server
) -> None:
    playground.open(LONG + "&seed=21")
    playground.press("Train")
    playground.until_status("running")
    playground.drawn()
    (run_id,) = playground.run_ids()
    os.kill(worker_of(server, run_id), signal.SIGKILL)
    expect(playground.card(run_id)).to_contain_text("again")
    expect(playground.card(run_id)).to_have_attribute("data-status", "running", timeout=40_000)
    os.kill(worker_of(server, run_id), signal.SIGKILL)
    expect(playground.card(run_id)).to_have_attribute("data-status", "failed")
    expect(playground.card(run_id)).to_contain_text("worker")


def test_a_killed_web_server_loses_no_run_and_the_page_goes_on_by_itself(
    playground: Playground, server: Server
) -> None:
    playground.open(LONG + "&seed=22")
    playground.press("Train")
    playground.until_status("running")
    playground.drawn()
    (run_id,) = playground.run_ids()
    try:
        server.kill()
        expect(playground.page.get_by_test_id("live-notice")).to_contain_text("Connection lost")
    finally:
        server.start()
    expect(playground.page.get_by_test_id("live-notice")).not_to_contain_text("Connection lost")
    expect(playground.card(run_id)).to_have_attribute("data-status", "running")
    expect(playground.card(run_id)).to_have_attribute("data-attempt", "1")
    playground.idle()
    playground.press("Stop")
    playground.until_status("stopped")
