"""From files to runs in the visitor's library. What can be imported is; the rest is explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import streamlit as st

from batchviz.analysis.differences import label
from batchviz.errors import BatchVizError
from batchviz.experiment.limits import MAX_NOTE_LENGTH, MAX_RUN_NAME_LENGTH
from batchviz.importers import archive
from batchviz.importers.history import Metadata, recorded
from batchviz.importers.imported_run import ImportedRun, clean
from batchviz.text import hints
from batchviz.text.numbers import count
from batchviz.ui import resources, session
from batchviz.ui.components import buttons, dialogs
from batchviz.ui.runs import import_files, import_metadata, import_notice, import_readings
from batchviz.ui.runs.import_files import File
from batchviz.ui.runs.import_metadata import Stated

__all__ = ["import_menu", "show_imported"]

show_imported = import_notice.draw_notice


def import_menu(key: str) -> None:
    """A button that opens the dialog. `show_imported` says on the page what came of it."""
    pressed = buttons.pressed("Import", key, help=hints.IMPORT, on_press=import_files.forget_files)
    if dialogs.is_open(key, pressed=pressed):
        _dialog(key)


@st.dialog("Import runs", width="large", on_dismiss=dialogs.close)
def _dialog(key: str) -> None:
    draw_import(key)


def draw_import(key: str) -> None:
    """What the dialog asks: files, then what they do not say."""
    if import_notice.waiting():
        dialogs.close()
        st.rerun()  # the page shows what came of it
    files = import_files.choose_files(key)
    if not files:
        return
    files = import_readings.draw_readings(files, key)
    for file in files:
        if file.problem:
            import_notice.draw_problem(file.name, file.problem)
    archives = [file for file in files if file.archive]
    for file in archives:
        st.text(f"{file.name}: a BatchViz archive of {count(file.runs, 'run')}.")
    histories = [file for file in files if file.history]
    stated, missing = import_metadata.draw_metadata_form(histories, key) if histories else ({}, "")
    runs = sum(file.runs for file in archives) + len(stated)
    if missing:
        st.text(missing)
    st.button(
        f"Import {count(runs, 'run')}" if runs else "Import",
        type="primary",
        key=f"{key}_take",
        disabled=not runs or bool(missing),
        on_click=import_runs,
        args=(archives, stated),
    )


Runs = Callable[[], Iterable[ImportedRun]]
"""Reads runs when called, since reading may fail."""


def import_runs(archives: Iterable[File], stated: Stated) -> None:
    """Import all runs of the archives, and the histories as stated; `import_notice` says what came of it."""
    ids: list[str] = []
    problems: list[tuple[str, str]] = []
    for name, runs in (*map(_archive, archives), *map(_history, stated.values())):
        try:
            # One at a time, so that what was kept before a problem is known.
            ids.extend(_keep(run) for run in runs())
        except BatchVizError as error:
            problems.append((name, str(error)))
    import_files.forget_files()
    import_notice.leave_notice(ids, problems)


def _archive(file: File) -> tuple[str, Runs]:
    return file.name, lambda: map(_recognisable, archive.read(file.content))


def _history(stated: tuple[File, Metadata, str]) -> tuple[str, Runs]:
    file, metadata, name = stated
    history = file.history
    assert history is not None
    run_name, note = clean(name.strip(), MAX_RUN_NAME_LENGTH), clean(f"From {file.name}", MAX_NOTE_LENGTH)
    return file.name, lambda: [replace(recorded(history, metadata), name=run_name, note=note)]


def _recognisable(run: ImportedRun) -> ImportedRun:
    """A run from an archive says so in its title, wherever it is shown."""
    return run if run.title else replace(run, title=f"{label(run.spec)}, imported")


def _keep(run: ImportedRun) -> str:
    store, owner = resources.store(), session.visitor()
    kept = store.runs.add_imported(owner, run.spec, **run.arguments)
    if run.note or run.tags:
        store.library.annotate(owner, kept.id, note=run.note, tags=run.tags)
    return kept.id
