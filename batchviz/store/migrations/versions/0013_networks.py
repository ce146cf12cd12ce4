"""From which network a run was asked for, or data was uploaded; and how long a run is expected to train."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for table in ("run", "upload"):
        op.add_column(
            table, sa.Column("network", sa.String(64), nullable=False, server_default=sa.text("''"))
        )
    op.add_column("run", sa.Column("expected_seconds", sa.Float(53), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("run", "expected_seconds")
    for table in ("run", "upload"):
        op.drop_column(table, "network")
