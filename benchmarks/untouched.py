"""A browser as a person has it: nothing is attached to its pages while they load.

A browser that is driven (Playwright, the debugger's protocol) keeps stack traces of every error that its scripts
throw and catch. Evaluating plotly.js takes it one and a half times to twice as long.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

from websockets.sync.client import ClientConnection, connect

from scripts.server import free_port

SECONDS = 10.0
"""A page is left alone for so long. Much longer than any page takes."""


class Page:
    """A page that stands. Nothing but what is asked for here is switched on in it."""

    def __init__(self, debugger: ClientConnection) -> None:
        self._debugger = debugger
        self._number = 0

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression that JSON holds."""
        answer = self._send("Runtime.evaluate", expression=f"JSON.stringify({expression})")
        return json.loads(answer["result"]["value"])

    def press(self, button: str) -> None:
        """Press the button of this name with the mouse."""
        x, y = self.evaluate(
            "[...document.querySelectorAll('button')]"
            f".filter(button => button.innerText.trim() === {json.dumps(button)})"
            ".map(button => button.getBoundingClientRect())"
            ".map(({ x, y, width, height }) => [x + width / 2, y + height / 2])[0]"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def _send(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        self._debugger.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while (answer := json.loads(self._debugger.recv())).get("id") != self._number:
            pass  # an event that nobody asked for
        return answer["result"]


class Untouched:
    """Chromium with a profile of its own: what it fetched and compiled stays, from one page to the next."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/json"

    @contextlib.contextmanager
    def page(self, address: str, seconds: float = SECONDS) -> Iterator[Page]:
        """Open a page, leave it alone for so long, and only then talk to it."""
        opened = json.loads(self.request("new?" + urllib.parse.quote(address, safe=""), "PUT"))
        time.sleep(seconds)
        with connect(opened["webSocketDebuggerUrl"], max_size=None) as debugger:
            yield Page(debugger)
        self.request(f"close/{opened['id']}")

    def request(self, path: str, method: str = "GET") -> bytes:
        with urllib.request.urlopen(
            urllib.request.Request(f"{self._url}/{path}", method=method), timeout=10
        ) as answer:
            return bytes(answer.read())


@contextlib.contextmanager
def untouched(executable: str, width: int, height: int) -> Iterator[Untouched]:
    """Start it, wait until it answers, end it."""
    port = free_port()
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
                    browser.request("version")
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.2)
            yield browser
        finally:
            process.terminate()
            process.wait(30)
