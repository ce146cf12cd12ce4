"""The store: every run and row, the queue, who is at work, shelves, boards, uploads. The only place with SQL.

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

from batchviz.store.boards import Boards
from batchviz.store.deletion import Deleted, Deletion
from batchviz.store.imported import Imported
from batchviz.store.library import FilterOptions, Shelf
from batchviz.store.processes import ENGINE, Process, Runners, RunningRun
from batchviz.store.queue import Measurement, Queue
from batchviz.store.rows import StaleAttempt
from batchviz.store.series import Cursor, Recordings, RunDelta
from batchviz.store.uploads import Uploads

__all__ = [
    "ENGINE",
    "Cursor",
    "Deleted",
    "FilterOptions",
    "Measurement",
    "Process",
    "RunDelta",
    "RunningRun",
    "StaleAttempt",
    "Store",
]


class Store(Queue, Recordings, Runners, Imported, Shelf, Deletion, Boards, Uploads):
    """One database. `Store("sqlite:////data/batchviz.db")` connects and brings its tables up to date."""
