"""A worker really trains on uploaded data: from the bytes of a file to the losses it records."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from batchviz.experiment.library import Upload
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.importers.table import prepare, read
from batchviz.store import Store
from tests.engine.conftest import Installation

ROWS = 400


def file(kind: str) -> bytes:
    """A target that follows from numbers, a yes or no and a city, with noise, in a European CSV."""
    random = np.random.default_rng(3)
    size, garden, city = random.normal(90, 20, ROWS), random.integers(0, 2, ROWS), random.integers(0, 3, ROWS)
    worth = (size - 90) / 20 + garden + city - 1.5 + random.normal(0, 0.3, ROWS)
    lines = ["Fläche;Garten;Stadt;Ziel"]
    for row in range(ROWS):
        target = (
            f"{worth[row] * 100:.2f}".replace(".", ",")
            if kind == "regression"
            else ["low", "high"][int(worth[row] > 0)]
        )
        area = "" if row % 50 == 0 else f"{size[row]:.2f}".replace(".", ",")
        lines.append(f"{area};{['no', 'yes'][garden[row]]};{['Aachen', 'Bonn', 'Köln'][city[row]]};{target}")
    return "\r\n".join(lines).encode("cp1252")


def kept(store: Store, kind: str) -> Upload:
    made = prepare(read(file(kind)), "Ziel")
    return store.uploads.add(
        "ada", kind, made.x, made.y, outputs=made.outputs, explanation=made.explanation,
        columns=made.columns, target=made.target, classes=made.classes, standardised=made.standardised,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["regression", "classification"])
def test_a_worker_trains_on_uploaded_data_as_well_as_scikit_learn(
    installation: Installation, kind: str
) -> None:
    upload = kept(installation.store, kind)
    spec = RunSpec.parse(
        {"dataset": upload.dataset, "hidden": "none", "learning_rate": 0.02, "batch_size": 20, "budget": 40}
    )
    run = installation.becomes(installation.add(spec), Status.DONE)
    trained = plan_for(spec).training_rows
    assert upload.columns == (
        "Fläche", "Fläche missing", "Garten", "Stadt = Aachen", "Stadt = Bonn", "Stadt = Köln",
    )  # fmt: skip
    assert upload.classes == (() if kind == "regression" else ("high", "low"))

    # The oracle sees the same rows: those of the upload in the data seed's order, the last fifth held out.
    x_all, y_all, *_ = installation.store.uploads.arrays(upload.id)
    order = np.random.default_rng(spec.data_seed).permutation(len(x_all))
    x_all, y_all = x_all[order], y_all[order]
    scaler = StandardScaler().fit(x_all[:trained, :1])
    x_all[:, :1] = np.nan_to_num(scaler.transform(x_all[:, :1]))
    if kind == "regression":
        y_all = StandardScaler().fit(y_all[:trained]).transform(y_all)
    if kind == "regression":
        oracle = LinearRegression().fit(x_all[:trained], y_all[:trained])
        best = float(np.mean((oracle.predict(x_all[trained:]) - y_all[trained:]) ** 2))
    else:
        chance = (
            LogisticRegression(C=np.inf).fit(x_all[:trained], y_all[:trained]).predict_proba(x_all[trained:])
        )
        best = log_loss(y_all[trained:], chance)
    first = installation.store.series.whole([run.id], "epochs")[run.id]["val_loss"][0]
    assert run.final["val_loss"] == pytest.approx(best, rel=0.1)
    assert run.final["val_loss"] < first / 2


def test_deleted_data_ends_a_waiting_run_with_a_reason(installation: Installation) -> None:
    upload = kept(installation.store, "regression")
    installation.store.uploads.delete("ada", upload.id)
    run = installation.becomes(installation.add(RunSpec.parse({"dataset": upload.dataset})), Status.FAILED)
    assert "whoever uploaded it has deleted it" in run.reason
