"""The table of runs, and what is written in it.

What a visitor types is kept by the session until the store has taken it, field by field: a store that is locked for a
moment loses nothing, and two tabs that write on the same run change only what was written in each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from pandas.io.formats.style import Styler

from batchviz.errors import StoreError
from batchviz.experiment.library import LibraryEntry, RunGroup
from batchviz.store import Store
from batchviz.ui.components.column_heads import draw_column_heads
from batchviz.ui.runs import selection
from batchviz.ui.runs.column_config import configuration, group_configuration, printed_rows
from batchviz.ui.runs.columns import WRITTEN, frame, group_frame
from batchviz.ui.session_state import TABLE_ROWS, TAKEN_EDITS, UNSAVED_EDITS, Key

Edits = Mapping[str, Any]


def draw_table(
    entries: Sequence[LibraryEntry],
    columns: Sequence[str],
    headings: Mapping[str, str],
    tags: Sequence[str],
    upload_names: Mapping[str, str],
    zone: ZoneInfo,
    *,
    everybodys: bool,
) -> None:
    """Draw the table of runs. Everybody's runs can be selected, but only their owners write on them."""
    written = [with_unsaved(entry) for entry in entries]
    table = frame(written, columns, selection.selected(), zone, upload_names=upload_names, owners=everybodys)
    _draw(
        printed_rows(table, [entry.run for entry in entries]),
        {entry.run.id: [entry.run.id] for entry in entries},
        configuration(headings, tags, read_only=everybodys),
        "Runs",
    )


def draw_groups(
    groups: Sequence[RunGroup],
    members: Mapping[str, Sequence[str]],
    entries: Mapping[str, LibraryEntry],
    columns: Sequence[str],
    headings: Mapping[str, str],
    tags: Sequence[str],
    upload_names: Mapping[str, str],
    zone: ZoneInfo,
) -> None:
    """Draw the table of experiments. Whoever selects one selects its runs, `members`, and writes on all of them.

    `entries` are those runs in the visitor's library; without them nothing is written on.
    """
    chosen = set(selection.selected())
    whole = [experiment for experiment, run_ids in members.items() if chosen.issuperset(run_ids)]
    written = [
        together([with_unsaved(entries[i]) for i in members[group.experiment] if i in entries])
        for group in groups
    ]
    table = group_frame(
        groups, columns, whole, zone, written=written if entries else (), upload_names=upload_names
    )
    runs = [group.newest.run for group in groups]
    _draw(printed_rows(table, runs), members, group_configuration(headings, tags), "Experiments")


def _draw(
    styler: Styler, rows: Mapping[str, Sequence[str]], configuration: Mapping[str, Any], alt: str
) -> None:
    """One table; `rows` are the runs of each of its rows."""
    # The same rows keep their table, whatever changes in them: nobody's cursor is taken away.
    key = f"runs_table_{selection.table_number()}"
    ids = list(rows)
    if TABLE_ROWS.get() != (key, ids):
        TABLE_ROWS.set((key, ids))
        TAKEN_EDITS.delete()
    with st.container(key="runs_table"):
        st.data_editor(
            styler, key=key, hide_index=True, height="content", placeholder="", alt=alt,
            column_config=dict(configuration), on_change=_take, args=(key, rows),
        )  # fmt: skip
    draw_column_heads(configuration, styler.columns)


def with_unsaved(entry: LibraryEntry) -> LibraryEntry:
    """The entry as its visitor wrote it, whether or not the store has taken that yet."""
    changes = {
        field: value for (run_id, field), value in UNSAVED_EDITS.get().items() if run_id == entry.run.id
    }
    return replace(entry, **changes) if changes else entry


def save_edits(store: Store, owner: str) -> str:
    """Have the store take what was written; why it did not, empty when it did.

    What was written on a run that is not there any more is given up, and said once.
    """
    unsaved = dict(UNSAVED_EDITS.get())
    if not unsaved:
        return ""
    wrong = ""
    try:
        there = store.library.entries(owner, list({run_id for run_id, _ in unsaved}))
    except StoreError as error:
        return f"Not saved yet: {error}"
    for (run_id, field), value in list(unsaved.items()):
        try:
            if run_id in there:
                store.library.annotate(owner, run_id, **{field: value})
            else:
                wrong = "Not saved: the run you wrote on was deleted meanwhile."
        except StoreError as error:
            wrong = f"Not saved yet: {error}"
        else:
            del unsaved[run_id, field]
    UNSAVED_EDITS.set(unsaved)
    return wrong


def _take(key: str, rows: Mapping[str, Sequence[str]]) -> None:
    """Take in what changed in the table since the last time."""
    edits: dict[int, Edits] = Key[Any](key, None).get()["edited_rows"]
    unsaved = dict(UNSAVED_EDITS.get())
    for run_id, field, value in changes(edits, TAKEN_EDITS.get(), list(rows)):
        if field == "selected":
            selection.select(rows[run_id], bool(value))
        else:
            unsaved |= {(member, field): value for member in rows[run_id]}
    UNSAVED_EDITS.set(unsaved)
    TAKEN_EDITS.set({row: dict(cells) for row, cells in edits.items()})


def together(entries: Sequence[LibraryEntry]) -> Mapping[str, Any]:
    """What is written on all runs of an experiment: where it is not the same, all that is."""
    return {
        "name": " / ".join(dict.fromkeys(entry.name for entry in entries if entry.name)),
        "favourite": bool(entries) and all(entry.favourite for entry in entries),
        "tags": list(dict.fromkeys(tag for entry in entries for tag in entry.tags)),
        "note": " / ".join(dict.fromkeys(entry.note for entry in entries if entry.note)),
    }


def changes(
    edits: Mapping[int, Edits], taken: Mapping[int, Edits], ids: Sequence[str]
) -> list[tuple[str, str, Any]]:
    """(row, field, value) of each cell that changed. The edits come from a browser: what cannot be is passed over."""
    changed = []
    for row, cells in edits.items():
        for field, value in cells.items():
            writable = field == "selected" or field in WRITTEN
            if writable and 0 <= int(row) < len(ids) and taken.get(row, {}).get(field, ...) != value:
                changed.append((ids[int(row)], field, _as_written(field, value)))
    return changed


def _as_written(field: str, value: Any) -> Any:
    if field == "tags":
        return tuple(map(str, value)) if isinstance(value, list) else ()
    return bool(value) if field in ("selected", "favourite") else str(value or "")
