"""What the session of a browser tab remembers from one run of the script to the next: every key, its type, its default.

The only module that touches `st.session_state`; what has a type of one module's own is declared there. A key that a
widget has too (`key=SEEDS.name`) holds that widget's answer: it may be set before the widget is drawn, or in a
callback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from batchviz.experiment.column_findings import Way
from batchviz.experiment.library import Board
from batchviz.experiment.parsing import as_text
from batchviz.experiment.spec import BatchSize, RunSpec
from batchviz.links.comparison import View
from batchviz.links.lesson import LessonLink
from batchviz.links.run_filter import RunFilter

if TYPE_CHECKING:
    from batchviz.importers.table import Table
    from batchviz.store.sweeps import Sweep

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One thing that is remembered. The default is shared by all visitors: a value that nobody can change."""

    name: str
    default: T

    @property
    def is_set(self) -> bool:
        """Whether anything is remembered."""
        return self.name in st.session_state

    def get(self) -> T:
        """What is remembered, or the default."""
        value: T = st.session_state.get(self.name, self.default)
        return value

    def set(self, value: T) -> None:
        """Remember this."""
        st.session_state[self.name] = value

    def pop(self) -> T:
        """What is remembered, for the last time."""
        value: T = st.session_state.pop(self.name, self.default)
        return value

    def delete(self) -> None:
        """Remember nothing."""
        st.session_state.pop(self.name, None)

    def keep(self) -> None:
        """Streamlit forgets the answer of a widget that a run of the script does not draw, unless it is set anew."""
        self.set(self.get())

    def prefixed(self, prefix: str) -> Key[T]:
        """The same thing, remembered for another place."""
        return Key(f"{prefix}{self.name}", self.default)


def delete(keys: Iterable[Key[Any]]) -> None:
    """Remember none of these."""
    for key in keys:
        key.delete()


# The tab
PAGE: Key[str | None] = Key("page", None)
FIRST_RUN: Key[bool] = Key("first_run", False)
COMING: Key[bool] = Key("coming", False)
"""Until the page has taken in how the visitor came to it, which may take more than one run of the script."""
LED_BACK: Key[bool] = Key("led_back", False)
LAST_MARK: Key[str] = Key("last_mark", "")
"""That of the last time that Back or Forward led here."""
PRESENTING: Key[bool] = Key("presenting", False)
VISITOR: Key[str] = Key("visitor", "")
PROBLEM: Key[str] = Key("problem", "")
MENTIONED: Key[tuple[str, ...]] = Key("mentioned", ())
"""What went as it should, to be said in passing."""
REPORTED: Key[str] = Key("reported", "")
"""The problem that the page says now."""
PRESSED_BUTTONS: Key[frozenset[str]] = Key("pressed_buttons", frozenset())
"""By key, until a run of the script has reached them."""
DESTINATION: Key[tuple[Path, dict[str, str] | None] | None] = Key("destination", None)
"""The page that a press leads to, and its parameters, until the visitor is there."""
OPEN_DIALOG: Key[str] = Key("dialog", "")
"""By name, that of the page."""

# The Playground
SHOWN_RUNS: Key[Sequence[str]] = Key("shown", ())
CHART_PAGE: Key[str] = Key("chart_page", "")
"""How the chart asks what a press has started; of this tab alone."""
STARTS: Key[int] = Key("starts", 0)
"""Presses that put runs on the page."""
AWAITED: Key[Sequence[str]] = Key("awaited", ())
"""Runs that were queued by the press which runs the script, and are not there yet."""
REFUSED_STOPS: Key[Sequence[str]] = Key("refused", ())
LESSON: Key[LessonLink] = Key("frame", LessonLink())
LINKED_SPEC: Key[RunSpec | None] = Key("link_spec", None)
SEEDS: Key[int] = Key("seeds", 1)
FORM_FILLED: Key[bool] = Key("form_filled", False)
"""Whether a press filled the form since it was drawn."""
EXACT_BATCH_SIZE: Key[int | None] = Key("batch_size_exact", None)
EXACT_LEARNING_RATE: Key[float] = Key("learning_rate_exact", 0.0)
SCHEDULE_KIND: Key[str] = Key("schedule_kind", "constant")
RACE_SIZES: Key[Sequence[BatchSize]] = Key("race_sizes", (1, 8, 32, 128, "full"))
"""At first two orders of magnitude on the article's data, and all of it."""
RACE_EQUAL: Key[str] = Key("race_equal", "epochs")
"""The unit of the budget that all members get: the form's own, as the menu of the race shows it."""
RACE_SEEDS: Key[int] = Key("race_seeds", 0)
RACE_SEEDS_CHOSEN: Key[bool] = Key("race_seeds_chosen", False)
"""Whether the visitor chose them, rather than the page."""
RACE_MENU: Key[bool] = Key("race_menu", False)
MEASURE_INSIDE: Key[bool] = Key("measure_inside", True)
"""Whether runs are measured inside their first epochs, too."""
PRESSED: Key[str] = Key("pressed", "")
"""Train or the start of a race, until it was acted on."""


def spec_field(name: str) -> Key[Any]:
    """The form's answer to a field of RunSpec, as its widget holds it: a list as text."""
    default = RunSpec.model_fields[name].default
    return Key(f"field_{name}", as_text(default) if isinstance(default, tuple) else default)


# Compare, and with the prefix `board_` a board
COMPARED: Key[Sequence[str]] = Key("compared", ())
VIEW: Key[View] = Key("view", View())
PICKED: Key[Sequence[str]] = Key("choosing", ())
PICKED_ALL: Key[bool] = Key("chosen", False)
PICKER_ROUND: Key[int] = Key("choose_round", 0)


def view_field(name: str) -> Key[Any]:
    """The controls' answer to a field of the view."""
    return Key(f"view_{name}", View.model_fields[name].default)


# Boards
OPEN_BOARD: Key[Board | None] = Key("board", None)
SAVED_BOARD: Key[str] = Key("board_saved", "")
DELETED_BOARD: Key[Board | None] = Key("board_deleted", None)

# Lessons
OPEN_LESSON: Key[str] = Key("lesson_open", "")
"""By slug; without one, the path is on the page."""
OWN_LESSON: Key[str] = Key("lesson_own_text", "")
"""The file of the open one, where it is somebody's own."""
LESSON_DRAFT: Key[str] = Key("lesson_draft", "")
WRITING_LESSON: Key[bool] = Key("lesson_writing", False)

# Sweep
OPEN_SWEEP: Key[str] = Key("sweep", "")
"""The id of the one on the page; without, the form is."""
DELETED_SWEEP: Key[Sweep | None] = Key("sweep_deleted", None)
SWEEP_BASE: Key[RunSpec | None] = Key("sweep_base", None)
"""What does not vary in the form."""
SWEEP_ANSWERS: Key[Mapping[str, Any]] = Key("sweep_answers", MappingProxyType({}))
"""The form's other answers, by field, while no widget holds them."""
SWEEP_TARGET: Key[float | None] = Key("sweep_target", None)
"""The one that is drawn."""
SWEEP_MACHINE: Key[str] = Key("sweep_machine", "")
"""What the snippet printed on another machine."""


def sweep_field(name: str) -> Key[Any]:
    """The form's answer to a field of a sweep, as its widget holds it."""
    return Key(f"sweep_{name}", None)


# Class
CLASS_CODE: Key[str] = Key("class_code", "")
CLASS_SECRET: Key[str] = Key("class_secret", "")
"""The teacher's, in the teacher's view alone."""
CLASS_SCREEN: Key[bool] = Key("class_screen", False)
CLASS_TYPED: Key[str] = Key("class_typed", "")
CLASS_LESSON: Key[str] = Key("class_lesson", "")
CLASS_MEASURES: Key[bool] = Key("class_measures", False)
CLASS_SIZES: Key[Sequence[BatchSize]] = Key("class_sizes", ())

# Runs
RUN_FILTER: Key[RunFilter | None] = Key("runs_wanted", None)
"""What was looked for last, for the way back to the page."""
PAGE_TURNS: Key[int] = Key("runs_turned", 0)
"""Turns to a page that were not made with the pages' own control."""
SELECTED_RUNS: Key[Sequence[str]] = Key("runs_selected", ())
TABLE_NUMBER: Key[int] = Key("runs_table_number", 0)
TABLE_ROWS: Key[tuple[str, Sequence[str]] | None] = Key("runs_shown", None)
"""The key of the table and the ids of the runs in it, or the keys of the experiments."""
RANGE_COLUMN: Key[str] = Key("runs_range_column", "val_loss")
RANGE_LOW: Key[float | None] = Key("runs_range_low", None)
RANGE_HIGH: Key[float | None] = Key("runs_range_high", None)
TAKEN_EDITS: Key[Mapping[int, Mapping[str, Any]]] = Key("runs_taken", MappingProxyType({}))
UNSAVED_EDITS: Key[Mapping[tuple[str, str], Any]] = Key("runs_unsaved", MappingProxyType({}))
"""By run and field."""
QUESTIONED_DELETION: Key[tuple[Sequence[str], int, Sequence[Board]] | None] = Key("runs_asked", None)
"""The runs to delete, how many of them boards show, and those boards."""
DELETED_RUNS: Key[Sequence[str] | None] = Key("runs_deleted", None)
IMPORT_ROUND: Key[int] = Key("import_round", 0)
IMPORT_EDITS: Key[Mapping[tuple[str, str], Any]] = Key("import_edits", MappingProxyType({}))
"""What was typed into the table of files to import, by file and column, when the table was filled in anew."""
IMPORTED: Key[tuple[Sequence[str], Sequence[tuple[str, str]], bool] | None] = Key("imported", None)
"""Ids of imported runs, (file, problem) of what could not be, and whether the page has yet to say so."""
ADMIN_TOKEN: Key[str] = Key("runs_admin_token", "")
ADMITTED: Key[bool] = Key("runs_admitted", False)
TOKEN_REFUSED: Key[bool] = Key("runs_refused", False)


def run_filter_field(name: str) -> Key[Any]:
    """The answer to a question of the filter; of several values a list."""
    return Key(f"runs_{name}", RunFilter.model_fields[name].default)


# Data
UPLOAD_ROUND: Key[int] = Key("uploads", 0)
UPLOADED_FILE: Key[str] = Key("uploaded", "")
TABLE: Key[tuple[object, Table] | None] = Key("table", None)
"""The table that was read, after what it was read from and how."""
SAVED_DATASET: Key[str] = Key("saved", "")
DELETED_DATASET: Key[tuple[str, str] | None] = Key("deleted_data", None)
"""Id and name."""
SEPARATOR: Key[str] = Key("separator", "")
DECIMAL: Key[str] = Key("decimal", "")
HEADINGS: Key[bool | None] = Key("headings", None)
SAMPLE: Key[str | None] = Key("sample", "")
TARGET: Key[str | None] = Key("target", None)
TASK: Key[str | None] = Key("task", None)
LEFT_OUT: Key[Sequence[str] | None] = Key("left_out", None)
ROW_ORDER: Key[str] = Key("row_order", "shuffled")
WAYS: Key[Mapping[str, Way]] = Key("ways", MappingProxyType({}))
"""By column, the way to read it that was chosen."""
DATASET_NAME: Key[str] = Key("data_name", "")
