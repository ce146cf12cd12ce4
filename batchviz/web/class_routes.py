"""The routes of classes.

    GET  api/class/CODE                       how far it is, how many answered: web.class_state
    GET  api/class/CODE/answers.csv?teacher=  all answers that may be seen, for the teacher
    GET  c/CODE                               the class link: leads to the page of the class
    POST c/CODE/...                           one epoch of a training elsewhere, as Keras' RemoteMonitor sends it

`RemoteMonitor(root="https://host/c/CODE")` posts to `c/CODE/publish/epoch/end/`, with a form whose field `data` is
JSON, or with JSON itself (`send_as_json=True`): `{"epoch": 0, "loss": .3, ...}`. The class page offers each member a
path of their own, `/NAME?batch_size=32&seed=1`, because nothing in what is sent says who trained, nor with which batch
size.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qs, quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from batchviz.errors import BatchVizError
from batchviz.experiment.classroom import AnswerRow, tidy_code
from batchviz.experiment.limits import MAX_BATCH_SIZE
from batchviz.exporters.csv import text as cell
from batchviz.store import Store
from batchviz.web.class_state import ClassStates, lesson_of
from batchviz.web.export import NO_STORE
from batchviz.web.limits import MAX_SENT_BYTES
from batchviz.web.query import RequestError

Endpoint = Callable[[Request], Awaitable[Response]]

_NAME = re.compile(r"[\w-]{1,40}", re.ASCII)
_METRIC = re.compile(r"[\w ./-]{1,64}", re.ASCII)
USUAL_PATH = "publish/epoch/end"
EXAMPLE = '{"epoch": 0, "loss": 0.3, "val_loss": 0.4}'


def class_endpoints(store: Callable[[], Store], base: str) -> dict[tuple[str, str], Endpoint]:
    """By method and path below the app's base path, what answers."""
    states = ClassStates(store)

    async def state(request: Request) -> Response:
        code = tidy_code(request.path_params["code"])
        body = states.kept(code) or await anyio.to_thread.run_sync(states.state, code)
        return JSONResponse(body, headers=NO_STORE)

    async def answers(request: Request) -> Response:
        code, secret = tidy_code(request.path_params["code"]), request.query_params.get("teacher", "")
        rows = await anyio.to_thread.run_sync(lambda: store().class_answers.export(code, secret))
        named = {"Content-Disposition": f'attachment; filename="batchviz-class-{code}.csv"'}
        return Response(as_csv(rows), media_type="text/csv; charset=utf-8", headers={**NO_STORE, **named})

    async def join(request: Request) -> Response:
        code = tidy_code(request.path_params["code"])
        return RedirectResponse(f"{base}/class?code={quote(code)}", status_code=303, headers=NO_STORE)

    async def receive(request: Request) -> Response:
        code, sender = tidy_code(request.path_params["code"]), _sender(request)
        epoch, values = sent(await _body(request), request.headers.get("content-type", ""))
        size, seed = (_whole(request, name) for name in ("batch_size", "seed"))
        await anyio.to_thread.run_sync(
            lambda: store().class_points.receive(code, sender, epoch, values, batch_size=size, seed=seed)
        )
        return JSONResponse({"epochs": epoch + 1}, headers=NO_STORE)

    return {
        ("GET", "/api/class/{code}"): state,
        ("GET", "/api/class/{code}/answers.csv"): answers,
        ("GET", "/c/{code}"): join,
        ("POST", "/c/{code}/{path:path}"): receive,
    }


def as_csv(rows: Sequence[AnswerRow]) -> str:
    """Answers as a table that spreadsheets open: a row an answer."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("round", "lesson", "member", "order", "vote", "answer", "sure"))
    for row in rows:
        answer = json.loads(row.answer)
        parts = answer if isinstance(answer, dict) else {"value": answer}
        value = parts.get("value", "")
        value = value if isinstance(value, str) else json.dumps(value)
        slug, sure = lesson_of(row.lesson).slug, str(parts.get("sure", ""))
        writer.writerow((row.round, slug, row.member, row.arm, row.vote, cell(value), cell(sure)))
    return file.getvalue()


def sent(body: bytes, content_type: str) -> tuple[int, dict[str, float]]:
    """The epoch and its values out of what Keras' RemoteMonitor sends. Raises RequestError.

    Only finite numbers are values; a learning rate or a custom text beside them is left out.
    """
    try:
        text = body.decode()
        if not content_type.startswith("application/json"):
            text = parse_qs(text, strict_parsing=True, max_num_fields=4)["data"][0]
        message = json.loads(text)
    except (ValueError, KeyError, RecursionError):
        raise RequestError(
            f"The epoch could not be read; expected a form with a field 'data', or JSON, such as {EXAMPLE}."
        ) from None
    epoch = message.get("epoch") if isinstance(message, dict) else None
    if type(epoch) is not int or epoch < 0:
        raise RequestError(f"Expected the number of an epoch from 0 on, as in {EXAMPLE}.")
    values = {
        name: float(value)
        for name, value in message.items()
        if name != "epoch"
        and type(value) in (int, float)
        and math.isfinite(value)
        and _METRIC.fullmatch(name)
    }
    if "loss" not in values:
        raise RequestError(f"Expected a finite value called 'loss', as in {EXAMPLE}.")
    return epoch, values


def _sender(request: Request) -> str:
    """Who sends: the name in the path, or, with Keras' own path, the address it comes from, unreadably."""
    path = str(request.path_params["path"]).strip("/")
    if path == USUAL_PATH:
        host = request.client.host if request.client else ""
        return f"~{hashlib.sha256(host.encode()).hexdigest()[:16]}"
    if not _NAME.fullmatch(path):
        raise RequestError(
            f"Expected the path {USUAL_PATH}/ or a name of letters and digits, as the class page has it."
        )
    return path


def _whole(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,6}", text) or not int(name == "batch_size") <= int(text) <= MAX_BATCH_SIZE:
        raise RequestError(f"{name}: got {text[:20]!r}; expected a whole number up to {MAX_BATCH_SIZE:,}.")
    return int(text)


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_SENT_BYTES:
            raise BatchVizError(f"An epoch has at most {MAX_SENT_BYTES:,} bytes; this one has more.")
    return body
