"""From files to runs on the visitor's shelf. What can be imported is; the rest is explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from batchviz.analysis.label import label
from batchviz.errors import BatchVizError
from batchviz.imports import archive
from batchviz.imports.history import Facts, recorded
from batchviz.imports.recorded import LONGEST_NAME, LONGEST_NOTE, Recorded, clean
from batchviz.ui import laboratory
from batchviz.ui.importing import files, notice
from batchviz.ui.importing.files import File
from batchviz.ui.importing.questions import Asked
from batchviz.ui.visitor import visitor

Runs = Callable[[], Iterable[Recorded]]
"""Reads runs when called, since reading may fail."""


def take(archives: Iterable[File], asked: Asked) -> None:
    """Import all runs of the archives, and the histories as stated; `notice` says what came of it."""
    ids: list[str] = []
    problems: list[tuple[str, str]] = []
    for name, runs in (*map(_archive, archives), *map(_history, asked.values())):
        try:
            # One at a time, so that what was kept before a problem is known.
            ids.extend(_keep(run) for run in runs())
        except BatchVizError as error:
            problems.append((name, str(error)))
    files.forget()
    notice.put(ids, problems)


def _archive(file: File) -> tuple[str, Runs]:
    return file.name, lambda: map(_recognisable, archive.read(file.content))


def _history(asked: tuple[File, Facts, str]) -> tuple[str, Runs]:
    file, facts, name = asked
    history = file.history
    assert history is not None
    called, note = clean(name.strip(), LONGEST_NAME), clean(f"From {file.name}", LONGEST_NOTE)
    return file.name, lambda: [replace(recorded(history, facts), name=called, note=note)]


def _recognisable(run: Recorded) -> Recorded:
    """A run from an archive says so in its title, wherever it is shown."""
    return run if run.title else replace(run, title=f"{label(run.spec)}, imported")


def _keep(run: Recorded) -> str:
    store, owner = laboratory.store(), visitor()
    kept = store.add_recorded(owner, run.spec, **run.arguments)
    if run.note or run.tags:
        store.annotate(owner, kept.id, note=run.note, tags=run.tags)
    return kept.id
