"""The tables. A change here needs a migration beside it; a test compares the two.

run           one row a run: what was asked, where it stands, how it ended
attempt       one row each time a run was started: how much it recorded, which worker held it, when that last
showed life
series_chunk  the recorded rows, packed (see codec)
listing       one row a run: what lists sort, filter and group by, out of what the other columns hold as text
entry         a run in a visitor's library, with what the visitor wrote on it
board         a named, saved comparison
board_run     the runs of a board, in order
upload        a visitor's own data, prepared for training
lesson_answer what a visitor answered in a lesson, a row a question
clock         seconds an update of a network on a machine
clock_request a network that waits to be measured
inspection        a finished run that is to be looked into, or what was found in it
classroom     a class, and class_*: see class_tables
runner        who is at work: the one dispatcher (the leader) and the web processes that want it alive
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

HEAD = "0014"
"""The newest migration. Kept here so that an up-to-date database is recognised without importing Alembic."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),  # the order of arrival; never leaves the store
    Column("public_id", String(16), nullable=False, unique=True),  # unguessable; the id everywhere else
    Column("owner", String(64), nullable=False),
    Column("spec", Text, nullable=False),
    Column("spec_hash", String(64), nullable=False),
    Column("fingerprint", String(255), nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempt", Integer, nullable=False),  # the only one that may write
    Column("shown", Integer, nullable=False),  # the one whose rows are served
    Column("worker_crashes", Integer, nullable=False),
    Column("stop_requested", Boolean, nullable=False),
    Column("final", Text, nullable=False),
    Column("created", Float(53), nullable=False),
    Column("started", Float(53)),
    Column("finished", Float(53)),
    Column("source", String(16), nullable=False, server_default=text("''")),
    Column("title", String(200), nullable=False, server_default=text("''")),
    Column("deleted", Float(53)),  # since when it is hidden; then purged
    # What lists sort and filter by, out of spec and final.
    Column("dataset", String(64), nullable=False, server_default=text("''")),
    Column(
        "batch_size", Integer, nullable=False, server_default="0"
    ),  # as trained: "full" is the number of training rows
    Column("val_loss", Float(53)),
    Column("seconds", Float(53)),
    Column("background", Boolean, nullable=False, server_default=false()),  # waits behind all that are not
    Column("measure_at", Text, nullable=False, server_default=text("'[]'")),  # JSON: updates, asked for
    Column("long", Boolean, nullable=False, server_default=false()),  # leaves a worker for those that are not
    Column("of_sweep", Boolean, nullable=False, server_default=false()),  # waits behind all others
    Column("held", Boolean, nullable=False, server_default=false()),  # not handed out: its sweep is paused
    Column(
        "network", String(64), nullable=False, server_default=text("''")
    ),  # who asked; empty once it is over
    Column("expected_seconds", Float(53), nullable=False, server_default="0"),  # 0: not known
    Index(None, "status", "id"),
    Index(None, "spec_hash", "fingerprint"),
    Index(None, "owner", "id"),
    Index(None, "owner", "started"),
)

listing = Table(
    "listing",
    metadata,
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),  # of the reading of a spec that the other columns come from
    Column("experiment", String(32), nullable=False),
    # The settings (experiment/columns.py says which), NULL where one means nothing or is not known.
    Column("dataset", String(64)),
    Column("rows", Integer),
    Column("noise", Float(53)),
    Column("data_seed", Integer),
    Column("validation_split", Float(53)),
    Column("batch_size", Integer),
    Column("full_batch", Boolean),
    Column("batch_schedule", Text),
    Column("accumulation", Integer),
    Column("update_examples", Integer),
    Column("model", String(32)),
    Column("hidden", String(64)),
    Column("activation", String(32)),
    Column("dropout", Float(53)),
    Column("batch_norm", Boolean),
    Column("optimizer", String(32)),
    Column("momentum", Float(53)),
    Column("learning_rate", Float(53)),
    Column("learning_rate_rule", String(32)),
    Column("base_batch_size", Integer),
    Column("first_learning_rate", Float(53)),
    Column("budget", Float(53)),
    Column("budget_unit", String(16)),
    Column("seed", Integer),
    # Final values that `run` has no column for.
    Column("val_metric", Float(53)),
    Column("train_loss", Float(53)),
    Column("train_metric", Float(53)),
    Column("updates", Float(53)),
)

attempt = Table(
    "attempt",
    metadata,
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("worker", String(255), nullable=False),  # host:pid, empty until one took it
    Column("beat", Float(53), nullable=False),
    Column("epoch_rows", Integer, nullable=False),
    Column("update_rows", Integer, nullable=False),
    Column("measured_rows", Integer, nullable=False, server_default="0"),
    Column("updates", Integer, nullable=False),
    Column("examples", Integer, nullable=False),
    Column("epochs", Float(53), nullable=False),
    Column("seconds", Float(53), nullable=False),
    Column("bytes", Integer, nullable=False, server_default="0"),  # of its chunks
    Column(
        "elapsed", Float(53), nullable=False, server_default="0"
    ),  # seconds, evaluation and all else inside
)

series_chunk = Table(
    "series_chunk",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("first", Integer, primary_key=True),  # index of its first row
    Column("rows", Integer, nullable=False),
    Column("codec", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    ForeignKeyConstraint(["run_id", "attempt"], ["attempt.run_id", "attempt.number"], ondelete="CASCADE"),
)

runner = Table(
    "runner",
    metadata,
    Column("name", String(64), primary_key=True),  # "engine", or "web" and a token
    Column("token", String(64), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("beat", Float(53), nullable=False),
)

entry = Table(
    "entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("note", Text, nullable=False),
    Column("tags", Text, nullable=False),  # JSON
    Column("words", Text, nullable=False),  # what a search looks through, in lower case
    Column("favourite", Boolean, nullable=False),
    Column("added", Float(53), nullable=False),
    Column("deleted", Float(53)),
    UniqueConstraint("owner", "run_id"),
    Index(None, "owner", "deleted", "run_id"),
    Index(None, "run_id"),
)

board = Table(
    "board",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(16), nullable=False, unique=True),
    Column("owner", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("names", Text, nullable=False),  # JSON
    Column("view", Text, nullable=False),  # JSON
    Column("created", Float(53), nullable=False),
    Column("changed", Float(53), nullable=False),
    Column("deleted", Float(53)),
    Index(None, "owner", "id"),
)

board_run = Table(
    "board_run",
    metadata,
    Column("board_id", ForeignKey("board.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("run", String(16), nullable=False),  # a public id: the board remembers runs that are gone
    Index(None, "run"),
)

upload = Table(
    "upload",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(16), nullable=False, unique=True),
    Column("owner", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("dataset", String(64), nullable=False),
    Column("about", Text, nullable=False),  # JSON: explanation, columns, target, classes
    Column("x", LargeBinary, nullable=False),
    Column("y", LargeBinary, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("created", Float(53), nullable=False),
    Column("deleted", Float(53)),
    Column("network", String(64), nullable=False, server_default=text("''")),
    Index(None, "owner", "id"),
)

sweep = Table(
    "sweep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(16), nullable=False, unique=True),
    Column("owner", String(64), nullable=False),
    Column("spec", Text, nullable=False),  # JSON
    Column("spec_hash", String(64), nullable=False),
    Column("fingerprint", String(255), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("created", Float(53), nullable=False),
    Column("finished", Float(53)),
    Column("deleted", Float(53)),
    Index(None, "owner", "id"),
    Index(None, "state"),
)

sweep_run = Table(
    "sweep_run",
    metadata,
    Column("sweep_id", ForeignKey("sweep.id", ondelete="CASCADE"), primary_key=True),
    Column("spec_hash", String(64), primary_key=True),  # of the run: each is in a sweep once
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Index(None, "run_id"),
)

lesson_answer = Table(
    "lesson_answer",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("lesson", String(64), primary_key=True),
    Column("question", String(32), primary_key=True),
    Column("answer", Text, nullable=False),
    Column("answered", Float(53), nullable=False),
)

clock = Table(
    "clock",
    metadata,
    Column("network", String(64), primary_key=True),  # experiment.clock.clock_key
    Column("path", String(8), primary_key=True),
    Column("machine", String(255), primary_key=True),
    Column("measured", Float(53), nullable=False),
    Column("points", Text, nullable=False),  # JSON
)

clock_request = Table(
    "clock_request",
    metadata,
    Column("network", String(64), primary_key=True),
    Column("path", String(8), primary_key=True),
    Column("spec", Text, nullable=False),  # of any run of the network
    Column("state", String(16), nullable=False),
    Column("automatic", Boolean, nullable=False),  # asked for by no person
    Column("asked", Float(53), nullable=False),
    Column("holder", String(64), nullable=False),  # the token of the dispatcher that measures
    Column("crashes", Integer, nullable=False),
    Column("given_way", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)

inspection = Table(
    "inspection",
    metadata,
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("updates", Integer, nullable=False),  # that the run made
    Column("state", String(16), nullable=False),
    Column("asked", Float(53), nullable=False),
    Column("holder", String(64), nullable=False),  # the token of the dispatcher that has it trained
    Column("crashes", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("data", LargeBinary),  # NULL until it was found
)
