"""One run of an archive, from its JSON and its raw numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from batchviz.errors import DataError, SpecError
from batchviz.experiment import datasets
from batchviz.experiment.limits import (
    MAX_NOTE_LENGTH,
    MAX_RUN_NAME_LENGTH,
    MAX_RUN_TITLE_LENGTH,
    MAX_TAG_LENGTH,
    MAX_UPDATES,
)
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Source, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.importers.archive.container import Container
from batchviz.importers.archive.document import Manifest, RunDocument, read, wrong
from batchviz.importers.imported_run import ImportedRun, clean
from batchviz.importers.limits import MAX_REASON_LENGTH

FORMAT = "BatchViz archive"
VERSION = 1
UNFINISHED = "It was still training when it was archived."


def folders(container: Container) -> list[str]:
    """The folders of the runs, in order. Raises DataError."""
    try:
        manifest = read(container, "manifest.json", Manifest)
    except DataError as error:
        if "manifest.json: runs" in str(error):
            raise _incomplete() from None
        if "manifest.json: " not in str(error):
            raise
        manifest = None
    if manifest is None or manifest.format != FORMAT:
        raise DataError(
            "manifest.json does not say that this is a BatchViz archive. Expected a file that it exported."
        )
    if manifest.version > VERSION:
        raise DataError(
            f"The archive was made by a newer BatchViz (format {manifest.version:,}; this one reads {VERSION}). "
            "Import it there, or install the newer version here."
        )
    expected = [f"runs/{number:04}" for number in range(1, len(manifest.runs) + 1)]
    files = {f"{folder}/{file}" for folder in expected for file in ("run.json", "epochs.f32", "updates.f32")}
    if not expected or manifest.runs != expected or container.names != files | {"manifest.json"}:
        raise _incomplete()
    return expected


def _incomplete() -> DataError:
    return DataError("The archive does not hold the runs that its manifest names. Export it again.")


def imported_run(container: Container, folder: str) -> ImportedRun:
    """The run in a folder. Raises DataError."""
    document = read(container, f"{folder}/run.json", RunDocument)
    try:
        return _imported_run(container, folder, document)
    except SpecError as error:
        raise DataError(f"{folder}: {error} Perhaps a newer BatchViz made it.") from None


def _imported_run(container: Container, folder: str, document: RunDocument) -> ImportedRun:
    if document.columns != {kind: list(series.names) for kind, series in SERIES.items()}:
        raise wrong(f"{folder}/run.json", "columns", "those of this version")
    spec = RunSpec.parse(document.spec)
    imported_data = datasets.find(spec.dataset).origin == "imported"
    if imported_data != (document.source == Source.HISTORY):
        raise wrong(f"{folder}/run.json", "source", "history for data elsewhere, and for no other")
    source = Source.HISTORY if imported_data else Source.ARCHIVE
    final = document.status.final
    _check_lengths(container, folder, spec)
    series = {kind: _series(container, folder, kind) for kind in SERIES}
    _check_axes(series, folder, known=source is Source.ARCHIVE)
    return ImportedRun(
        spec=spec,
        source=source,
        title=clean(document.title, MAX_RUN_TITLE_LENGTH),
        status=document.status if final else Status.STOPPED,
        reason=clean(document.reason, MAX_REASON_LENGTH) if final else UNFINISHED,
        final=document.final,
        progress=document.progress.as_progress(),
        epochs=series["epochs"],
        updates=series["updates"],
        name=clean(document.name, MAX_RUN_NAME_LENGTH),
        note=clean(document.note, MAX_NOTE_LENGTH),
        tags=tuple(clean(tag, MAX_TAG_LENGTH) for tag in document.tags),
    )


def _series(container: Container, folder: str, kind: str) -> Series:
    columns = SERIES[kind].names
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
    plan = plan_for(spec)
    counts = {
        kind: container.size(f"{folder}/{kind}.f32") // (4 * len(series.columns))
        for kind, series in SERIES.items()
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
    for name in SERIES["epochs"].axes:
        column = series["epochs"][name]
        unknown = not known and bool(np.isnan(column).all())
        with np.errstate(all="ignore"):
            rises = bool(np.isfinite(column).all() and (column >= 0).all() and (np.diff(column) >= 0).all())
        if not (rises or unknown):
            raise DataError(f"{folder}: {name} does not rise from epoch to epoch. Export it again.")
    sizes = series["updates"]["batch_size"]
    if not bool((np.isfinite(sizes) & (sizes >= 1)).all()):
        raise DataError(f"{folder}: an update has no examples. Export it again.")
