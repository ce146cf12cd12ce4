"""A small server with the feed's contract: the component's files, Plotly, and runs written by hand."""

import base64
import json
import math
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from batchviz.frontend import plotly_js

INTERFACE = Path(__file__).parents[3] / "batchviz" / "frontend"
PLOTLY = plotly_js.plain()

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live chart</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/css/live.css">
<style>:root { --st-background-color: #f8f8f6; --st-text-color: #1f2328; --st-primary-color: #2f5bd8; }
:root[data-dark] { --st-background-color: #101216; --st-text-color: #e6e7ea; --st-primary-color: #7aa2ff; }
body { margin: 16px; background: var(--st-background-color); color: var(--st-text-color);
  font-family: sans-serif; }</style></head>
<body><main><h1>Playground</h1><div id="parent"><div class="batchviz-live"></div></div></main>
<script type="module">
import { mount } from "/src/live/index.js";
window.triggers = [];
window.firstPoints = [];
addEventListener("batchviz:first-point", (event) => window.firstPoints.push(event.detail.id));
window.show = (runs, told = {}) => {
  const leave = mount({
    data: { key: "live", runs, owned: runs, refused: [], ...told }, parentElement: document.querySelector("#parent"),
    setTriggerValue: (name, id) => window.triggers.push([name, id]),
  }, new URL("/", location));
  window.unmount = () => {
    leave();
    document.querySelector("#parent").innerHTML = '<div class="batchviz-live"></div>';
  };
};
show(JSON.parse(decodeURIComponent(location.hash.slice(1) || "[]")));
</script></body></html>"""


class Run:
    """A run as the feed tells it. Change its fields, and the next request sees it."""

    def __init__(self, run_id: str, *, batch_size: int = 32, epochs: int = 10, rows: int = 800) -> None:
        self.id, self.batch_size, self.epochs, self.rows = run_id, batch_size, epochs, rows
        self.status, self.reason, self.attempt, self.seed = "done", "", 1, 0
        self.learning_rate = 0.001
        self.stride = 1
        self.floors = {"loss": 1 / 12, "metric": 1 / 4}
        self.updates_per_epoch = math.ceil(rows / batch_size)
        self.made = self.updates = self.updates_per_epoch * epochs
        self.marks = np.arange(0, self.updates + 1, self.updates_per_epoch)
        self.val_loss = 0.09 + 0.5 * np.exp(-self.marks / 60)
        self.train_loss = self.val_loss - 0.01
        noise = np.random.default_rng(batch_size).normal(1, 0.9 / math.sqrt(batch_size), self.updates)
        self.batch_loss = np.abs(noise * (0.08 + 0.5 * np.exp(-np.arange(self.updates) / 60)))

    def message(self, attempt: int, epochs_have: int, updates_have: int) -> dict[str, Any]:
        reset = attempt not in (0, self.attempt)
        if attempt != self.attempt:
            epochs_have = updates_have = 0
        rows = slice(epochs_have, int(np.searchsorted(self.marks, self.made, side="right")))
        train, val = self.train_loss[rows], self.val_loss[rows]
        running = np.where(self.marks[rows] == 0, np.nan, train + 0.02)
        return {
            "id": self.id, "attempt": self.attempt, "reset": reset,
            "status": self.status, "reason": self.reason,
            "label": f"B = {self.batch_size}", "batch_size": self.batch_size,
            "details": f"Adam, lr {self.learning_rate}, seed {self.seed}",
            "group": f"{self.batch_size} {self.learning_rate}", "seed": self.seed,
            "color": {"light": "#2f6bd8", "dark": "#8fb0ff"},
            "loss_name": "MSE", "metric_name": "MAE", "metric_higher_is_better": False,
            "floors": self.floors,
            "floor_notes": {"loss": "Floor 0.0833: the true law.", "metric": "Floor 0.25: the true law."},
            "plan": {
                "training_rows": self.rows, "validation_rows": 200, "parameters": 193,
                "updates_per_epoch": self.updates_per_epoch, "updates": self.updates, "epochs": self.epochs,
            },
            "progress": {
                "updates": self.made, "examples": self.made * self.batch_size, "seconds": self.made * 1e-4,
                "epochs": self.made / self.updates_per_epoch, "fraction": self.made / self.updates,
                "remaining_seconds": (self.updates - self.made) * 1e-4 if self.status == "running" else None,
            },
            "queue_position": 1 if self.status == "queued" else None,
            "queue_seconds": 12.0 if self.status == "queued" else None,
            "final": {},
            "epochs": {
                "from": epochs_have, "stride": 1, "recorded": rows.stop,
                "updates": self.marks[rows].tolist(),
                "examples": (self.marks[rows] * self.rows // self.updates_per_epoch).tolist(),
                "seconds": (self.marks[rows] * 1e-4).tolist(),
                "loss": _json(running), "metric": _json(running * 2), "train_loss": _json(train),
                "train_metric": _json(train * 2), "val_loss": _json(val), "val_metric": _json(val * 2),
            },
            "updates": {"from": updates_have, "stride": self.stride, **self._updates(updates_have)},
        }  # fmt: skip

    def _updates(self, have: int) -> dict[str, str]:
        if self.stride == 1:
            batches = self.batch_loss[have : self.made]
            return {"loss": _base64(batches), "metric": _base64(2 * batches)}
        parts = [self.buckets[first] for first in range(have, self.made // self.stride)]
        columns = {}
        for suffix, thin in (("", np.mean), ("_min", np.min), ("_max", np.max)):
            values = np.array([thin(part) for part in parts])
            columns |= {f"loss{suffix}": _base64(values), f"metric{suffix}": _base64(2 * values)}
        return columns

    @property
    def buckets(self) -> list[np.ndarray]:
        return [self.batch_loss[i : i + self.stride] for i in range(0, self.updates, self.stride)]


def _json(values: np.ndarray) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


class FeedServer:
    """Serves on a free port of 127.0.0.1 until closed. `requests` holds the run parameters of every poll."""

    def __init__(self) -> None:
        self.clear()
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = feed.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                lasts = "plotly" in self.path or self.path.endswith((".js", ".css"))
                self.send_header("Cache-Control", "max-age=600" if lasts else "no-store")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def clear(self) -> None:
        """Forget every run and every request."""
        self.runs: dict[str, Run] = {}
        self.requests: list[list[str]] = []
        self.failing = False
        self.engine = "ready"
        self.ticks: dict[str, float] = {"loop": 1e-4}
        self.awaited = False
        self.sentence = "Equal epochs: the curves end close together."

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, run_id: str, **options: Any) -> Run:
        self.runs[run_id] = Run(run_id, **options)
        return self.runs[run_id]

    def answer(self, target: str) -> tuple[int, str, bytes]:
        url = urlsplit(target)
        routes: dict[str, Callable[[], tuple[int, str, bytes]]] = {
            "/": lambda: (200, "text/html", PAGE.encode()),
            "/api/points": lambda: self._points(parse_qs(url.query).get("run", [])),
            "/api/clocks": lambda: self._clocks(parse_qs(url.query).get("run", [])),
            "/api/plotly.js": lambda: (200, "text/javascript", PLOTLY),
        }
        if url.path in routes:
            return routes[url.path]()
        file = (INTERFACE / url.path.strip("/")).resolve()
        if file.is_relative_to(INTERFACE) and file.suffix in (".js", ".css") and file.exists():
            return 200, "text/css" if file.suffix == ".css" else "text/javascript", file.read_bytes()
        return 404, "text/plain", b"not here"

    def _clocks(self, wanted: list[str]) -> tuple[int, str, bytes]:
        """Every update takes as long as the path ticks, whatever its batch size."""
        paths = {
            path: {
                "note": f"Seconds of {path}." if path in self.ticks else f"No clock of {path} yet.",
                "offer": path not in self.ticks and not self.awaited,
                "awaited": self.awaited,
            }
            for path in ("loop", "fit")
        }
        paces = {
            run_id: {path: self._pace(self.runs[run_id], path) for path in paths}
            for run_id in wanted
            if run_id in self.runs
        }
        return 200, "application/json", json.dumps({"paths": paths, "runs": paces}).encode()

    def _pace(self, run: Run, path: str) -> list[list[float]] | None:
        if path not in self.ticks:
            return None
        each = run.updates_per_epoch
        return [[0, each, self.ticks[path], each * self.ticks[path]]]

    def _points(self, wanted: list[str]) -> tuple[int, str, bytes]:
        if self.failing:
            return 503, "text/plain", b"down"
        self.requests.append(wanted)
        if any(":" not in parameter or "?" in parameter for parameter in wanted):
            return 400, "application/json", b'{"error": "run: expected ID:ATTEMPT:EPOCHS:UPDATES."}'
        asked = [parameter.rsplit(":", 3) for parameter in wanted]
        answer = {
            "version": 1,
            "engine": self.engine,
            "sentence": self.sentence,
            "missing": [run_id for run_id, *_ in asked if run_id not in self.runs],
            "runs": [
                self.runs[run_id].message(*map(int, counters))
                for run_id, *counters in asked
                if run_id in self.runs
            ],
        }
        return 200, "application/json", json.dumps(answer, allow_nan=False).encode()
