"""One run of an archive, from its JSON and its raw numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from batchviz.errors import DataError, SpecError
from batchviz.experiment import datasets
from batchviz.experiment.records import EPOCH_COLUMNS, UPDATE_COLUMNS, Series, Source
from batchviz.experiment.schedule import MAX_UPDATES
from batchviz.experiment.spec import RunSpec
from batchviz.importers import bounded_json
from batchviz.importers.archive import fields
from batchviz.importers.archive.container import Container
from batchviz.importers.imported_run import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, MAX_TITLE_LENGTH, ImportedRun

FORMAT = "BatchViz archive"
VERSION = 1
COLUMNS = {"epochs": EPOCH_COLUMNS, "updates": UPDATE_COLUMNS}


def folders(container: Container) -> list[str]:
    """The folders of the runs, in order. Raises DataError."""
    manifest = _object(container, "manifest.json")
    version = manifest.get("version")
    if manifest.get("format") != FORMAT or type(version) is not int or version < 1:
        raise DataError(
            "manifest.json does not say that this is a BatchViz archive. Expected a file that it exported."
        )
    if version > VERSION:
        raise DataError(
            f"The archive was made by a newer BatchViz (format {version:,}; this one reads {VERSION}). Import it "
            "there, or install the newer version here."
        )
    names = manifest.get("runs")
    expected = [f"runs/{number:04}" for number in range(1, len(names) + 1)] if isinstance(names, list) else []
    files = {f"{name}/{file}" for name in expected for file in ("run.json", "epochs.f32", "updates.f32")}
    if not expected or names != expected or container.names != files | {"manifest.json"}:
        raise DataError("The archive does not hold the runs that its manifest names. Export it again.")
    return expected


def recorded(container: Container, folder: str) -> ImportedRun:
    """The run in a folder. Raises DataError."""
    about = _object(container, f"{folder}/run.json")
    try:
        return _recorded(container, folder, about)
    except SpecError as error:
        raise DataError(f"{folder}: {error} Perhaps a newer BatchViz made it.") from None


def _recorded(container: Container, folder: str, about: Mapping[str, Any]) -> ImportedRun:
    if about.get("columns") != {kind: list(names) for kind, names in COLUMNS.items()}:
        raise fields.wrong(folder, "columns", "those of this version")
    spec = RunSpec.parse(fields.mapping(about, "spec", folder))
    elsewhere = datasets.find(spec.dataset).origin == "elsewhere"
    if elsewhere != (about.get("source") == Source.HISTORY):
        raise fields.wrong(folder, "source", "history for data elsewhere, and for no other")
    status, reason = fields.status(about, folder)
    source = Source.HISTORY if elsewhere else Source.ARCHIVE
    _check_lengths(container, folder, spec)
    series = {kind: _series(container, folder, kind) for kind in COLUMNS}
    _check_axes(series, folder, known=source is Source.ARCHIVE)
    return ImportedRun(
        spec=spec,
        source=source,
        title=fields.text(about, "title", folder, MAX_TITLE_LENGTH),
        status=status,
        reason=reason,
        final=fields.final(about, folder),
        progress=fields.progress(about, folder),
        epochs=series["epochs"],
        updates=series["updates"],
        name=fields.text(about, "name", folder, MAX_NAME_LENGTH),
        note=fields.text(about, "note", folder, MAX_NOTE_LENGTH),
        tags=fields.tags(about, folder),
    )


def _series(container: Container, folder: str, kind: str) -> Series:
    columns = COLUMNS[kind]
    row = 4 * len(columns)
    content = container.read(f"{folder}/{kind}.f32")
    if len(content) % row:
        raise DataError(
            f"{folder}/{kind}.f32 ends inside a row: the columns differ in length. Export it again."
        )
    table = np.frombuffer(content, "<f4").reshape(-1, len(columns))
    return {name: np.ascontiguousarray(table[:, i], np.float32) for i, name in enumerate(columns)}


def _check_lengths(container: Container, folder: str, spec: RunSpec) -> None:
    """No more rows than the run's budget buys, found before they are read. Each epoch takes an update at least."""
    plan = spec.plan
    counts = {
        kind: container.size(f"{folder}/{kind}.f32") // (4 * len(names)) for kind, names in COLUMNS.items()
    }
    most = {
        "epochs": 1 + (counts["updates"] if plan.epochs is None else math.ceil(plan.epochs)),
        "updates": MAX_UPDATES if plan.updates is None else plan.updates,
    }
    for kind, count in counts.items():
        if count > most[kind]:
            raise DataError(
                f"{folder} holds {count:,} rows of {kind}; its budget makes at most {most[kind]:,}. Export it again."
            )


def _check_axes(series: Mapping[str, Series], folder: str, *, known: bool) -> None:
    """What lies along an axis must rise along it; a history may not know it."""
    for name in ("updates", "examples", "seconds"):
        column = series["epochs"][name]
        unknown = not known and bool(np.isnan(column).all())
        with np.errstate(all="ignore"):
            rises = bool(np.isfinite(column).all() and (column >= 0).all() and (np.diff(column) >= 0).all())
        if not (rises or unknown):
            raise DataError(f"{folder}: {name} does not rise from epoch to epoch. Export it again.")
    sizes = series["updates"]["batch_size"]
    if not bool((np.isfinite(sizes) & (sizes >= 1)).all()):
        raise DataError(f"{folder}: an update has no examples. Export it again.")


def _object(container: Container, name: str) -> dict[str, Any]:
    value = bounded_json.loads(container.read(name), f"{name} in the archive")
    if not isinstance(value, dict):
        raise DataError(f"{name} in the archive holds no object. Export it again.")
    return value
