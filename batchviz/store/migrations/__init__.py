"""Bringing the tables up to date, at first connect, safely when several processes do so at once.

A new database gets the tables as they are now, and is marked as up to date: Alembic, 15 MB in the web process for as
long as it lives, is for older ones. A test holds the two ways to the same tables.

To change a table: change store/tables.py, add `versions/<next number>_<what>.py` beside the others
(`op.add_column`, not a batch operation, on a table that others refer to: SQLite would copy and drop it, and
delete what refers to it), and raise `tables.HEAD`.
"""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
    text,
)
from sqlalchemy.exc import OperationalError

from batchviz.errors import StoreError
from batchviz.store.tables import HEAD, metadata

FOLDER = Path(__file__).parent


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables behind `engine` (whose transactions are writers) to HEAD."""
    if engine.dialect.name == "sqlite":
        _use_write_ahead_log(engine)
    with engine.connect() as connection:
        if version(connection) == HEAD:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(20120)"))  # one migrates, the others wait
        now = version(connection)
        if now is None:
            _create(connection)
        elif now != HEAD:  # somebody may have been faster
            _upgrade(connection, now)


def version(connection: Connection) -> str | None:
    """The migration that the database is at, None when it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    # The table in which Alembic keeps where a database is, as Alembic makes it.
    mark = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
    mark.append_constraint(PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))
    mark.create(connection)
    connection.execute(mark.insert().values(version_num=HEAD))


def _upgrade(connection: Connection, now: str) -> None:
    # Imported here: a new or up-to-date database, the usual case, needs none of it.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    if now not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"The database was written by a newer BatchViz (its tables are at {now}, this version knows "
            f"{HEAD}). Install the newer version, or choose another BATCHVIZ_DATABASE_URL."
        )
    context = EnvironmentContext(
        config,
        scripts,
        fn=lambda revision, _: scripts._upgrade_revs(HEAD, revision),
        destination_rev=HEAD,
    )
    with context:
        context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
        context.run_migrations()


def _use_write_ahead_log(engine: Engine) -> None:
    """Readers and one writer side by side.

    The switch is kept in the file. Making it can find the file busy, and SQLite does not wait there.
    """
    give_up = time.monotonic() + 10
    while True:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                return
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise OperationalError("PRAGMA journal_mode=WAL", None, error) from error
            time.sleep(0.02)
        finally:
            connection.close()
