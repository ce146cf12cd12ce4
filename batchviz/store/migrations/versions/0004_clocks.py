"""Clocks: seconds an update of a network on a machine, and requests to measure them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "clock",
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("path", sa.String(8), nullable=False),
        sa.Column("machine", sa.String(255), nullable=False),
        sa.Column("measured", sa.Float(53), nullable=False),
        sa.Column("points", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("network", "path", "machine", name="pk_clock"),
    )
    op.create_table(
        "clock_request",
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("path", sa.String(8), nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("automatic", sa.Boolean, nullable=False),
        sa.Column("asked", sa.Float(53), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("given_way", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("network", "path", name="pk_clock_request"),
    )


def downgrade() -> None:
    op.drop_table("clock_request")
    op.drop_table("clock")
