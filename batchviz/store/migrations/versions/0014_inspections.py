"""Finished runs that are looked into: the requests, and what was found."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("updates", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked", sa.Float(53), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary),
        sa.PrimaryKeyConstraint("run_id", name="pk_inspection"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE", name="fk_inspection_run_id_run"),
    )


def downgrade() -> None:
    op.drop_table("inspection")
