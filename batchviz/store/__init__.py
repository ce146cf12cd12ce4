"""The store: every run, every recorded row, the queue, and who is at work. The only place with SQL.

Rules that any store keeps (tests/store/test_contract.py holds SQLite and PostgreSQL to them):

- A run is handed out once. Only the worker of its current attempt may write to it; any other write raises
  Fenced.
- Rows appear whole or not at all, in order, and columns are equally long at every moment.
- A run that is over never changes again. (Its chunks may be packed, which no reader can tell.)
- A run started again keeps showing what it had, until the new attempt has recorded as much.
- A failure is a StoreError whose text says what happened and what to do.

Several processes share a store through its database; each opens its own `Store(url)`.
"""

from batchviz.store.queue import Measurement, Queue
from batchviz.store.recordings import Have, Points, Recordings
from batchviz.store.rows import Fenced
from batchviz.store.runners import ENGINE, Held, Runner, Runners

__all__ = ["ENGINE", "Fenced", "Have", "Held", "Measurement", "Points", "Runner", "Store"]


class Store(Queue, Recordings, Runners):
    """One database. `Store("sqlite:////data/batchviz.db")` connects and brings its tables up to date."""
