"""Runs logged to an MLflow tracking server: the set-up as parameters, every number as a metric with its step.

MLflow is optional: `pip install 'batchviz[mlflow]'`. What the steps and times of the metrics are: exporters.scalars.
Numbers that are not finite are left out, because MLflow's databases turn infinity into the largest number there is;
the status tells that a run diverged. A run that is there already, whole, is not logged again.
"""

from __future__ import annotations

import math
import urllib.request
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit

from batchviz.errors import BatchVizError
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Status
from batchviz.exporters.columns import SOURCES, run_title, settings
from batchviz.exporters.scalars import epoch_scalars, start, update_scalars
from batchviz.exporters.selection import Selection

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

EXPERIMENT = "BatchViz"
METRICS_AT_ONCE = 1000
"""MLflow takes no more in one request."""
PATIENCE = 10.0
"""Seconds to wait for a server; MLflow itself would try for minutes."""
STATUSES = {
    Status.QUEUED: "SCHEDULED",
    Status.RUNNING: "RUNNING",
    Status.DONE: "FINISHED",
    Status.STOPPED: "KILLED",
    Status.FAILED: "FAILED",
    Status.DIVERGED: "FAILED",
}


class MlflowError(BatchVizError):
    """Nothing could be logged, or not all; the text says why and what to do."""


class LoggedValues(NamedTuple):
    """One run as MLflow has it. `before`: it was there already."""

    run_id: str
    mlflow_id: str
    before: bool


def log_runs(selection: Selection, tracking_uri: str, experiment: str = EXPERIMENT) -> Iterator[LoggedValues]:
    """Log the runs one after the other; each is yielded when it is whole. Raises MlflowError, StoreError."""
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError:
        raise MlflowError(
            "MLflow is not installed here. Install it with: pip install 'batchviz[mlflow]'"
        ) from None
    _reach(tracking_uri)
    try:
        client = MlflowClient(tracking_uri=tracking_uri)
        existing = client.get_experiment_by_name(experiment)
        number = client.create_experiment(experiment) if existing is None else existing.experiment_id
        for entry in selection.entries:
            yield _log(client, number, selection, entry)
    except MlflowException as error:
        raise MlflowError(f"MLflow at {_without_password(tracking_uri)} refused: {error.message}") from None
    except OSError as error:
        raise MlflowError(
            f"The connection to MLflow at {_without_password(tracking_uri)} broke: {error}. Try again."
        ) from None


def _log(client: MlflowClient, experiment: str, selection: Selection, entry: LibraryEntry) -> LoggedValues:
    run = entry.run
    whole = f"attempt {run.attempt}, {run.progress.updates} updates, {run.status}"
    for before in client.search_runs([experiment], f"tags.`batchviz.run` = '{run.id}'"):
        if before.data.tags.get("batchviz.logged") == whole:
            return LoggedValues(run.id, before.info.run_id, before=True)
        client.delete_run(before.info.run_id)  # broken off half-way, or logged while it was still training
    made = client.create_run(
        experiment, start_time=_milliseconds(start(run)), tags=_tags(entry), run_name=run_title(entry)
    ).info.run_id
    for name, value in settings(run).items():
        client.log_param(made, name, value)
    waiting: list[Metric] = []
    for metric in _metrics(selection, entry):
        waiting.append(metric)
        if len(waiting) == METRICS_AT_ONCE:
            client.log_batch(made, metrics=waiting)
            waiting = []
    client.log_batch(made, metrics=waiting)
    client.set_tag(made, "batchviz.logged", whole)
    if run.status.final:
        ended = start(run) if run.finished is None else run.finished
        client.set_terminated(made, STATUSES[run.status], _milliseconds(ended))
    else:
        client.update_run(made, STATUSES[run.status])
    return LoggedValues(run.id, made, before=False)


def _metrics(selection: Selection, entry: LibraryEntry) -> Iterator[Metric]:
    from mlflow.entities import Metric

    epochs = selection.whole(entry.run.id, "epochs")
    for scalars in chain(epoch_scalars(entry.run, epochs), update_scalars(selection, entry, epochs)):
        for name, value in scalars.values.items():
            if math.isfinite(value):
                yield Metric(name, value, _milliseconds(scalars.moment), scalars.step)


def _tags(entry: LibraryEntry) -> dict[str, Any]:
    run = entry.run
    return {
        "batchviz.run": run.id,
        "batchviz.source": SOURCES[run.source],
        "batchviz.status": run.status.value,
        "batchviz.reason": run.reason,
        "batchviz.tags": ", ".join(entry.tags),
    }


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _reach(tracking_uri: str) -> None:
    """Ask a server whether it is there at all. Raises MlflowError."""
    if not tracking_uri.startswith(("http://", "https://")):
        return  # a folder or a database
    try:
        urllib.request.urlopen(f"{tracking_uri.rstrip('/')}/health", timeout=PATIENCE).close()
    except HTTPError:
        return  # something answers; MLflow's client says what is wrong
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise MlflowError(
            f"There is no MLflow server at {_without_password(tracking_uri)}: {reason}. Start it, "
            "or correct its address."
        ) from None


def _without_password(tracking_uri: str) -> str:
    """The address without a password."""
    parts = urlsplit(tracking_uri)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
