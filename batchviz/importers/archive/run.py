"""One run of an archive, from its JSON and its raw numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

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
from batchviz.importers.limits import MAX_ARCHIVE_MEASURED_ROWS, MAX_REASON_LENGTH

FORMAT = "BatchViz archive"
VERSION = 2
SERIES_OF = {1: ("epochs", "updates"), 2: tuple(SERIES)}
"""The kinds of series in an archive, by its version."""
UNFINISHED = "It was still training when it was archived."


class Layout(NamedTuple):
    """The folders of the runs, in order, and which series stand in each."""

    folders: list[str]
    kinds: tuple[str, ...]


def layout(container: Container) -> Layout:
    """What the archive is made of. Raises DataError."""
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
    kinds = SERIES_OF[manifest.version]
    names = ["run.json", *(f"{kind}.f32" for kind in kinds)]
    files = {f"{folder}/{name}" for folder in expected for name in names}
    if not expected or manifest.runs != expected or container.names != files | {"manifest.json"}:
        raise _incomplete()
    return Layout(expected, kinds)


def _incomplete() -> DataError:
    return DataError("The archive does not hold the runs that its manifest names. Export it again.")


def imported_run(container: Container, folder: str, kinds: Sequence[str]) -> ImportedRun:
    """The run in a folder that holds these series. Raises DataError."""
    document = read(container, f"{folder}/run.json", RunDocument)
    try:
        return _imported_run(container, folder, kinds, document)
    except SpecError as error:
        raise DataError(f"{folder}: {error} Perhaps a newer BatchViz made it.") from None


def _imported_run(
    container: Container, folder: str, kinds: Sequence[str], document: RunDocument
) -> ImportedRun:
    if document.columns != {kind: list(SERIES[kind].names) for kind in kinds}:
        raise wrong(f"{folder}/run.json", "columns", "those of this version")
    spec = RunSpec.parse(document.spec)
    imported_data = datasets.find(spec.dataset).origin == "imported"
    if imported_data != (document.source == Source.HISTORY):
        raise wrong(f"{folder}/run.json", "source", "history for data elsewhere, and for no other")
    source = Source.HISTORY if imported_data else Source.ARCHIVE
    final = document.status.final
    _check_lengths(container, folder, kinds, spec)
    series = {kind: _series(container, folder, kind) for kind in kinds}
    measured = series.setdefault("measured", SERIES["measured"].empty())
    _check_axes(series, folder, axes_known=source is Source.ARCHIVE)
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
        measured=measured,
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


def _check_lengths(container: Container, folder: str, kinds: Sequence[str], spec: RunSpec) -> None:
    """No more rows than the run's budget buys, found before they are read. Each epoch takes an update at least."""
    plan = plan_for(spec)
    elsewhere = datasets.find(spec.dataset).origin == "imported"  # its rows are stand-ins, its sizes its own
    counts = {
        kind: container.size(f"{folder}/{kind}.f32") // (4 * len(SERIES[kind].columns)) for kind in kinds
    }
    most = {
        "epochs": 1 + (counts["updates"] if plan.epochs is None else math.ceil(plan.epochs)),
        "updates": MAX_UPDATES if elsewhere or plan.updates is None else plan.updates,
        "measured": MAX_ARCHIVE_MEASURED_ROWS,
    }
    for kind, count in counts.items():
        if count > most[kind]:
            raise DataError(
                f"{folder} holds {count:,} rows of {kind}; its budget makes at most {most[kind]:,}. Export it again."
            )


def _check_axes(series: Mapping[str, Series], folder: str, *, axes_known: bool) -> None:
    """What lies along an axis must rise along it; a history may not know it."""
    for kind in ("epochs", "measured"):
        for name in SERIES[kind].axes:
            column = series[kind][name]
            unknown = not axes_known and bool(np.isnan(column).all())
            with np.errstate(all="ignore"):
                rises = bool(
                    np.isfinite(column).all() and (column >= 0).all() and (np.diff(column) >= 0).all()
                )
            if not (rises or unknown):
                raise DataError(f"{folder}: {name} does not rise from row to row of {kind}. Export it again.")
    sizes = series["updates"]["batch_size"]
    if not bool((np.isfinite(sizes) & (sizes >= 1)).all()):
        raise DataError(f"{folder}: an update has no examples. Export it again.")
