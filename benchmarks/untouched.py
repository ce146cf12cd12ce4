"""A browser as a person has it: nothing is attached to its pages while they load.

A browser that is driven (Playwright, the debugger's protocol) keeps stack traces of every error that its scripts
throw and catch. Evaluating plotly.js takes it one and a half times to twice as long.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

from websockets.sync.client import connect

SECONDS = 10
"""A page is left alone for so long. Much longer than any page takes."""


class Untouched:
    """Chromium with a profile of its own: what it fetched and compiled stays, from one page to the next."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/json"

    def evaluate(self, address: str, expression: str) -> Any:
        """Open a page, leave it alone, and only then ask it: the value of a JavaScript expression that JSON holds."""
        page = json.loads(self.ask("new?" + urllib.parse.quote(address, safe=""), "PUT"))
        time.sleep(SECONDS)
        question = {"expression": f"JSON.stringify({expression})"}
        with connect(page["webSocketDebuggerUrl"], max_size=None) as debugger:
            debugger.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": question}))
            answer = json.loads(debugger.recv())
        self.ask(f"close/{page['id']}")
        return json.loads(answer["result"]["result"]["value"])

    def ask(self, path: str, method: str = "GET") -> bytes:
        with urllib.request.urlopen(
            urllib.request.Request(f"{self._url}/{path}", method=method), timeout=10
        ) as answer:
            return bytes(answer.read())


@contextlib.contextmanager
def untouched(executable: str, width: int, height: int) -> Iterator[Untouched]:
    """Start it, wait until it answers, end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [executable, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},{height}",
             f"--user-data-dir={profile}", f"--remote-debugging-port={port}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        browser = Untouched(port)
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    browser.ask("version")
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.2)
            yield browser
        finally:
            process.terminate()
            process.wait(30)
