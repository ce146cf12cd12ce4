"""Sweeps: many runs asked for as one, which wait behind all others and can be held."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("run", sa.Column("of_sweep", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("run", sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "sweep",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("spec_hash", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(255), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("finished", sa.Float(53)),
        sa.Column("deleted", sa.Float(53)),
        sa.PrimaryKeyConstraint("id", name="pk_sweep"),
        sa.UniqueConstraint("public_id", name="uq_sweep_public_id"),
    )
    op.create_index("ix_sweep_owner_id", "sweep", ["owner", "id"])
    op.create_index("ix_sweep_state", "sweep", ["state"])
    op.create_table(
        "sweep_run",
        sa.Column("sweep_id", sa.Integer, nullable=False),
        sa.Column("spec_hash", sa.String(64), nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("sweep_id", "spec_hash", name="pk_sweep_run"),
        sa.ForeignKeyConstraint(
            ["sweep_id"], ["sweep.id"], name="fk_sweep_run_sweep_id_sweep", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_sweep_run_run_id_run", ondelete="CASCADE"),
    )
    op.create_index("ix_sweep_run_run_id", "sweep_run", ["run_id"])


def downgrade() -> None:
    op.drop_table("sweep_run")
    op.drop_table("sweep")
    op.drop_column("run", "held")
    op.drop_column("run", "of_sweep")
