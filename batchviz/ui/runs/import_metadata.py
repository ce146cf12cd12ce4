"""What a history does not say: batch size, rows, seed, and which runs belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from batchviz.experiment.limits import MAX_BATCH_SIZE
from batchviz.importers.history import CLASSIFICATION, REGRESSION, Metadata, suggested
from batchviz.text import hints
from batchviz.text import history as text
from batchviz.ui.components.column_heads import draw_column_heads
from batchviz.ui.runs.import_files import File
from batchviz.ui.session_state import IMPORT_EDITS, Key

LOSSES = {REGRESSION: "MSE", CLASSIFICATION: "Cross-entropy"}
Stated = dict[str, tuple[File, Metadata, str]]
"""By file: what was stated, and the name in the library."""


def draw_metadata_form(files: Sequence[File], key: str) -> tuple[Stated, str]:
    """The questions of all histories; the answers, and what is still missing."""
    st.text(
        "Keras' histories do not say how they were made. What you state here is shown with the runs; what you leave "
        "empty is shown as not known."
    )
    experiment = st.text_input(
        "Experiment", key=f"{key}_experiment", max_chars=80, placeholder="For example: Lesson 3",
        help=hints.EXPERIMENT,
    )  # fmt: skip
    tasks = Counter(file.history.task for file in files if file.history)
    left, middle, right = st.columns(3)
    task = left.selectbox(
        "Loss", list(LOSSES), index=list(LOSSES).index(tasks.most_common(1)[0][0]), key=f"{key}_loss",
        format_func=LOSSES.__getitem__,
    )  # fmt: skip
    training = middle.number_input(
        "Training rows", 1, 100_000, value=None, key=f"{key}_training", placeholder="Not known",
        help=hints.ROWS_TRAINED,
    )  # fmt: skip
    validation = right.number_input(
        "Validation rows", 0, 100_000, value=None, key=f"{key}_validation", placeholder="Not known"
    )
    table = _table(files, _letters_taken(files, key), key)
    stated: Stated = {}
    for file, (_, row) in zip(files, table.iterrows(), strict=True):
        if pd.notna(row["batch_size"]):
            metadata = Metadata(
                int(row["batch_size"]), task, training, validation, int(row["seed"]) if pd.notna(row["seed"]) else 0,
                experiment,
            )  # fmt: skip
            stated[file.id] = (file, metadata, str(row["name"] or ""))
    unknown = [file.name for file in files if file.id not in stated]
    named = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if len(unknown) > 3 else "")
    return stated, f"Batch size: fill it in above for {named}." if unknown else ""


def _letters_taken(files: Sequence[File], key: str) -> bool:
    """Whether the visitor takes the b4 of a name, which may name a model, as a batch size."""
    letters = list(
        dict.fromkeys(filter(None, (suggested(file.name).letter for file in files if not _size_stated(file))))
    )
    return bool(letters) and st.toggle(
        text.batch_sizes_in_names(letters), key=f"{key}_letters", on_change=_keep_edits, args=(files, key),
        help=hints.BATCH_SIZE_GUESSED,
    )  # fmt: skip


def _table_key(files: Sequence[File], letters: bool, key: str) -> str:
    return f"{key}_rows_{hash(', '.join(file.id for file in files))}_{letters}"


def _keep_edits(files: Sequence[File], key: str) -> None:
    """What was typed stays when the table is filled in anew."""
    letters = Key(f"{key}_letters", False).get()
    state = Key[Mapping[str, Any]](_table_key(files, not letters, key), {}).get()
    edits = {**IMPORT_EDITS.get()} | {
        (files[int(row)].id, column): value
        for row, changed in state.get("edited_rows", {}).items()
        for column, value in changed.items()
    }
    IMPORT_EDITS.set(edits)


def _table(files: Sequence[File], letters: bool, key: str) -> pd.DataFrame:
    """A row a file, to be edited; what a file's name says is filled in."""
    column = st.column_config
    columns = {
        "file": column.TextColumn("File", disabled=True),
        "batch_size": column.NumberColumn("Batch size", width=95, min_value=1, max_value=100_000, step=1),
        "seed": column.NumberColumn("Seed", width=80, min_value=0, max_value=2**31 - 1, step=1),
        "name": column.TextColumn("Name", max_chars=80, help=hints.IMPORT_NAME),
        "epochs": column.NumberColumn("Epochs", width=70, disabled=True),
        "left_out": column.TextColumn("Not shown", disabled=True, help=hints.LEFT_OUT),
    }
    with st.container(key="import_rows"):
        edited: pd.DataFrame = st.data_editor(
            pd.DataFrame(rows(files, letters)).astype({"batch_size": "Int64"}),
            key=_table_key(files, letters, key),
            hide_index=True,
            column_order=list(columns),
            column_config=columns,
            placeholder="",
        )
    draw_column_heads(columns, columns)
    return edited


def _size_stated(file: File) -> bool:
    """Whether the file or its name says the batch size."""
    return _stated(file, "batch_size") is not None or suggested(file.name).batch_size is not None


def _stated(file: File, what: str) -> int | None:
    assert file.history is not None
    value = file.history.stated.get(what)
    sound = value is not None and float(value).is_integer() and (what == "seed" or value >= 1)
    return int(value) if sound and value is not None and 0 <= value <= MAX_BATCH_SIZE else None


def rows(files: Sequence[File], letters: bool = False) -> dict[str, list[object]]:
    """The table's columns, as the files and their names suggest them. `letters`: b4 in a name is a batch size.

    Of files with equal batch sizes, each has its own seed. What was typed before stands.
    """
    table_rows: list[tuple[object, ...]] = []
    seeds: Counter[int | None] = Counter()
    edits = IMPORT_EDITS.get()
    for file in files:
        guess = suggested(file.name)
        size = _stated(file, "batch_size") or guess.batch_size or (guess.perhaps if letters else None)
        seed = _stated(file, "seed")
        seed = seed if seed is not None else guess.seed
        likely = size or guess.perhaps
        seed = seed if seed is not None else seeds[likely]
        seeds[likely] += 1
        assert file.history is not None
        left_out = ", ".join(file.history.left_out)[:200]
        suggestion = {"batch_size": size, "seed": seed, "name": ""}
        answers = {name: edits.get((file.id, name), value) for name, value in suggestion.items()}
        table_rows.append((file.name[:200], file.history.epochs, *answers.values(), left_out))
    names = ("file", "epochs", "batch_size", "seed", "name", "left_out")
    return {name: list(values) for name, values in zip(names, zip(*table_rows, strict=True), strict=True)}
