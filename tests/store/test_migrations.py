import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from batchviz.errors import StoreError
from batchviz.experiment.query import Condition, Query
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.store.migrations import FOLDER
from batchviz.store.tables import HEAD, metadata

ROOT = Path(__file__).parents[2]


def test_the_migrations_lead_to_the_tables(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        _migrate_to(connection, HEAD)
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        migrated = _described(connection)
        for table in ("alembic_version", *metadata.tables):
            connection.execute(text(f"DROP TABLE {table}{' CASCADE' if engine.name == 'postgresql' else ''}"))
    engine.dispose()
    with Store(url).database.reading() as connection:
        assert _described(connection) == migrated


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_processes_that_come_at_the_same_time_find_one_database(tmp_path: Path) -> None:
    program = f"""
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
import sys
sys.stdin.readline()
print(Store("sqlite:///{tmp_path / "batchviz.db"}").queue.add([RunSpec()], "ada", "here")[0].id)
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ids = {process.communicate(timeout=60)[0].strip() for process in started}
    assert len(ids) == 1
    assert ids != {""}


def test_a_database_of_a_newer_version_is_left_alone_and_explained(url: str) -> None:
    store = Store(url)
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer BatchViz \(its tables are at 9999, this version knows"):
        Store(url)


def test_a_new_and_an_up_to_date_database_are_opened_without_alembic(url: str) -> None:
    program = f"""
import sys
from batchviz.store import Store
for opened in "new", "up to date":
    Store({url!r}).close()
    print("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_the_runs_of_an_older_database_are_in_their_owners_libraries(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    old = create_engine(url)
    with old.begin() as connection:
        _migrate_to(connection, "0001")
        spec = RunSpec(batch_size="full", validation_split=0.9)
        values = (
            f"1, 'AbCdEfGhIjKl', 'ada', :spec, '{spec.hash}', 'here', 'done', '', 1, 1, 0, 0, :final, 5, 5, 6"
        )
        given = {"spec": spec.model_dump_json(), "final": '{"val_loss": 0.25, "seconds": 1.5}'}
        connection.execute(text(f"INSERT INTO run VALUES ({values})"), given)
        connection.execute(text("INSERT INTO attempt VALUES (1, 1, '', 0, 0, 0, 10, 990, 10, 1.5)"))
        connection.execute(text("INSERT INTO series_chunk VALUES (1, 1, 'epochs', 0, 1, 1, x'0102030405')"))
    old.dispose()
    store = Store(url)
    [found] = store.library.page("ada").entries
    assert (found.run.id, found.run.spec, found.bytes) == ("AbCdEfGhIjKl", spec, 5)
    assert (
        store.library.page("ada", Query(conditions=(Condition("batch_size", (99,)),), order="val_loss")).total
        == 1
    )


def _described(connection: Connection) -> dict[str, object]:
    """Everything that the database knows of its tables, and where Alembic is."""
    looked = inspect(connection)
    found: dict[str, object] = {
        table: (
            sorted(looked.get_columns(table), key=lambda column: column["name"]),
            looked.get_pk_constraint(table),
            sorted(looked.get_foreign_keys(table), key=lambda key: str(key["name"])),
            sorted(looked.get_unique_constraints(table), key=lambda one: str(one["name"])),
            sorted(looked.get_indexes(table), key=lambda index: str(index["name"])),
        )
        for table in looked.get_table_names()
    }
    if connection.dialect.name == "sqlite":  # what SQLAlchemy does not tell, AUTOINCREMENT among it
        written = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        found["written"] = {name: " ".join(sql.split()) for name, sql in written}
    found["version"] = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return {name: str(value) for name, value in found.items()}


def _migrate_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    scripts = ScriptDirectory.from_config(config)
    context = EnvironmentContext(config, scripts, fn=lambda now, _: scripts._upgrade_revs(revision, now))
    with context:
        context.configure(connection=connection, render_as_batch=True)
        context.run_migrations()
