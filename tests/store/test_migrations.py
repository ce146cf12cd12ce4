import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from batchviz.errors import StoreError
from batchviz.store import Store
from batchviz.store.migrations import FOLDER
from batchviz.store.tables import HEAD, metadata

ROOT = Path(__file__).parents[2]


def test_the_migrations_lead_to_the_tables(url: str) -> None:
    with Store(url).reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_processes_that_come_at_the_same_time_find_one_database(tmp_path: Path) -> None:
    program = f"""
from batchviz.spec import RunSpec
from batchviz.store import Store
import sys
sys.stdin.readline()
print(Store("sqlite:///{tmp_path / "batchviz.db"}").add_run(RunSpec(), "ada", "here").id)
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
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer BatchViz \(its tables are at 9999, this version knows"):
        Store(url)


def test_an_up_to_date_database_is_opened_without_alembic(url: str) -> None:
    Store(url).close()
    program = f"import sys; from batchviz.store import Store; Store({url!r}); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "False", done.stderr
