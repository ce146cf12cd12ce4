"""How often the worker of a run crashed is called so: losses are what training makes small."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Both databases rename in place; a batch operation would copy `run` and drop what refers to it.
    op.execute("ALTER TABLE run RENAME COLUMN losses TO worker_crashes")


def downgrade() -> None:
    op.execute("ALTER TABLE run RENAME COLUMN worker_crashes TO losses")
