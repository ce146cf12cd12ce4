"""A viewer of runs as the page is one: asks for what is new, keeps what came, asks again after every failure."""

from __future__ import annotations

import base64
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

POLL_SECONDS = 0.5  # as src/live/poller.js while runs train
TIMEOUT_SECONDS = 15.0


def cursor(run: dict[str, Any]) -> str:
    """What somebody has of a run who took this answer, as the next request says it."""
    epochs, updates = run["epochs"], run["updates"]
    rows = epochs["from"] + max(len(column) for column in epochs.values() if isinstance(column, list))
    bins = updates["from"] + len(base64.b64decode(updates["loss"])) // 4
    return f"{run['attempt']}:{rows}:{bins}:{run['digest']}"


@dataclass
class Seen:
    """What has come of one run."""

    cursor: str = "0:0:0"
    losses: list[float | None] = field(default_factory=list)
    """An epoch: validation loss."""
    status: str = ""
    gaps: int = 0
    """Answers that did not follow what was there."""
    most: int = 0
    """Losses that were there at once, ever."""

    def take(self, run: dict[str, Any]) -> None:
        """Add an answer."""
        if run["reset"]:
            self.losses.clear()
        self.gaps += run["epochs"]["from"] != len(self.losses)
        self.losses += run["epochs"]["val_loss"]
        self.most = max(self.most, len(self.losses))
        self.status, self.cursor = run["status"], cursor(run)


class Follower:
    """Follows runs in a thread of its own until it is told to stop."""

    def __init__(self, url: str, run_ids: list[str]) -> None:
        self._url, self.seen = url, {run_id: Seen() for run_id in run_ids}
        self.failures = 0
        self.longest_silence = 0.0
        """Seconds without an answer."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._thread.start()

    def follow(self, run_id: str) -> None:
        """This run as well, from the next request on."""
        self.seen = {**self.seen, run_id: Seen()}

    def stop(self) -> None:
        """Ask a last time, then end."""
        self._ended.set()
        self._thread.join(TIMEOUT_SECONDS + 5)

    def _follow(self) -> None:
        answered = time.monotonic()
        with httpx.Client(base_url=self._url, timeout=TIMEOUT_SECONDS) as client:
            while True:
                last = self._ended.is_set()
                try:
                    self._ask(client)
                    self.longest_silence = max(self.longest_silence, time.monotonic() - answered)
                    answered = time.monotonic()
                except httpx.HTTPError:
                    self.failures += 1
                if last:
                    return
                self._ended.wait(POLL_SECONDS)

    def _ask(self, client: httpx.Client) -> None:
        seen = self.seen
        asked = "&".join(f"run={run_id}:{each.cursor}" for run_id, each in seen.items())
        answer = client.get(f"/api/points?{asked}").raise_for_status().json()
        for run in answer["runs"]:
            seen[run["id"]].take(run)
