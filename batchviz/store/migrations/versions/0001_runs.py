"""Runs, their attempts, their rows, and who is at work."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("spec_hash", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(255), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("losses", sa.Integer, nullable=False),
        sa.Column("stop_requested", sa.Boolean, nullable=False),
        sa.Column("final", sa.Text, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("started", sa.Float(53)),
        sa.Column("finished", sa.Float(53)),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.UniqueConstraint("public_id", name="uq_run_public_id"),
    )
    op.create_index("ix_run_status_id", "run", ["status", "id"])
    op.create_index("ix_run_spec_hash_fingerprint", "run", ["spec_hash", "fingerprint"])
    op.create_index("ix_run_owner_id", "run", ["owner", "id"])
    op.create_index("ix_run_owner_started", "run", ["owner", "started"])
    op.create_table(
        "attempt",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(255), nullable=False),
        sa.Column("beat", sa.Float(53), nullable=False),
        sa.Column("epoch_rows", sa.Integer, nullable=False),
        sa.Column("update_rows", sa.Integer, nullable=False),
        sa.Column("updates", sa.Integer, nullable=False),
        sa.Column("examples", sa.Integer, nullable=False),
        sa.Column("epochs", sa.Float(53), nullable=False),
        sa.Column("seconds", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_attempt"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_attempt_run_id_run", ondelete="CASCADE"),
    )
    op.create_table(
        "series_chunk",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("codec", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "attempt", "kind", "first", name="pk_series_chunk"),
        sa.ForeignKeyConstraint(
            ["run_id", "attempt"],
            ["attempt.run_id", "attempt.number"],
            name="fk_series_chunk_run_id_attempt_attempt",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "runner",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("beat", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_runner"),
    )


def downgrade() -> None:
    for table in ("runner", "series_chunk", "attempt", "run"):
        op.drop_table(table)
