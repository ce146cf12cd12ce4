"""Measurements inside epochs: how many an attempt recorded, and after which updates a run was asked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("attempt", sa.Column("measured_rows", sa.Integer, nullable=False, server_default="0"))
    op.add_column("run", sa.Column("measure_at", sa.Text, nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    op.execute("DELETE FROM series_chunk WHERE kind = 'measured'")
    op.drop_column("run", "measure_at")
    op.drop_column("attempt", "measured_rows")
