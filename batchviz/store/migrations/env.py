"""Alembic's entry for the command line: `alembic -x url=sqlite:///data/batchviz.db ...`.

The application itself migrates through `batchviz.store.migrations.migrate`, which runs the same versions.
"""

from alembic import context
from sqlalchemy import create_engine

from batchviz.store.tables import metadata

with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
