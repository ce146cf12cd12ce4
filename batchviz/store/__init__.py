"""The store: every run and row, the queue, who is at work, libraries, boards, uploads. The only place with SQL.

Rules that any store keeps (tests/store/test_contract.py holds SQLite and PostgreSQL to them):

- A run is handed out once. Only the worker of its current attempt may write to it; any other write raises
  StaleAttempt.
- Rows appear whole or not at all, in order, and columns are equally long at every moment.
- A run that is over never changes again. (Its chunks may be packed, which no reader can tell.)
- A deleted run is hidden from every reader at once, comes back when its deletion is undone, and is gone once
  purged.
- A run started again keeps showing what it had, until the new attempt has recorded as much or come to its end.
  One that is stopped or fails before that leaves it in place, so that no recorded point is lost.
- A failure is a StoreError whose text says what happened and what to do.

Several processes share a store through its database; each opens its own `Store(url)`.
"""

from __future__ import annotations

from batchviz.store.attempts import Attempts, RunningRun
from batchviz.store.boards import Boards
from batchviz.store.census import Census, Unfinished, Visitor
from batchviz.store.changes import Changes
from batchviz.store.class_answers import ClassAnswers
from batchviz.store.class_points import ClassPoints
from batchviz.store.classes import ClassError, Classes, NoClassError
from batchviz.store.clock_requests import ClockRequest, ClockRequests
from batchviz.store.clocks import Clocks
from batchviz.store.database import BUSY_SECONDS, Database
from batchviz.store.deletion import DeletedRun, Deletion
from batchviz.store.groups import Groups
from batchviz.store.held_requests import HeldRequests, RequestState
from batchviz.store.inspections import InspectionRequest, Inspections
from batchviz.store.lesson_answers import LessonAnswers
from batchviz.store.library import FilterOptions, Library
from batchviz.store.listing import bring_up_to_date
from batchviz.store.processes import ENGINE, Process, Processes
from batchviz.store.queue import Place, Queue
from batchviz.store.quotas import Quota, QuotaError, Quotas, Usage
from batchviz.store.rows import StaleAttempt
from batchviz.store.runs import Runs
from batchviz.store.series import SPARE_CHUNKS, Cursor, RunDelta, SeriesStore
from batchviz.store.sweeps import Sweep, Sweeps, SweepState
from batchviz.store.uploads import Uploads

__all__ = [
    "ENGINE",
    "SPARE_CHUNKS",
    "Changes",
    "ClassError",
    "ClockRequest",
    "Cursor",
    "DeletedRun",
    "FilterOptions",
    "HeldRequests",
    "InspectionRequest",
    "NoClassError",
    "Place",
    "Process",
    "Quota",
    "QuotaError",
    "RequestState",
    "RunDelta",
    "RunningRun",
    "StaleAttempt",
    "Store",
    "Sweep",
    "SweepState",
    "Unfinished",
    "Usage",
    "Visitor",
]

UNLIMITED = Quota()
"""What a program that is nobody's visitor may have."""


class Store:
    """One database and its parts. `Store("sqlite:////data/batchviz.db")` connects and brings its tables up to date.

    A part is a class over the database, and knows no other part: to add one, write it and name it here.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS, quota: Quota = UNLIMITED) -> None:
        """Raises StoreError when the database cannot be used."""
        self.database = Database(url, busy_seconds=busy_seconds)
        bring_up_to_date(self.database)
        self.quotas = Quotas(self.database, quota)
        """How much visitors may have waiting and kept, and what they have."""
        self.queue = Queue(self.database, self.quotas)
        """Runs that wait for a worker."""
        self.attempts = Attempts(self.database)
        """What the worker of a run writes."""
        self.runs = Runs(self.database, self.quotas)
        """Runs by id."""
        self.series = SeriesStore(self.database)
        """Recorded rows, read."""
        self.library = Library(self.database)
        """The runs of a visitor, and what is written on them."""
        self.groups = Groups(self.database)
        """The same as groups of replicates."""
        self.deletion = Deletion(self.database)
        """Deleting runs, undoing it, purging."""
        self.boards = Boards(self.database)
        """Named, saved comparisons."""
        self.sweeps = Sweeps(self.database, self.quotas)
        """Many runs asked for as one."""
        self.classes = Classes(self.database)
        """Classes: code, teacher, phase."""
        self.class_answers = ClassAnswers(self.database, self.quotas)
        """Their members, and what these answered."""
        self.class_points = ClassPoints(self.database)
        """What they train."""
        self.lesson_answers = LessonAnswers(self.database)
        """What visitors answered in lessons."""
        self.uploads = Uploads(self.database, self.quotas)
        """Visitors' own data."""
        self.clocks = Clocks(self.database)
        """What updates take."""
        self.clock_requests = ClockRequests(self.database)
        """Networks that wait to be measured."""
        self.inspections = Inspections(self.database)
        """Runs that are looked into."""
        self.census = Census(self.database)
        """Who has what."""
        self.processes = Processes(self.database)
        """Who is at work on this database."""

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self.database.close()
