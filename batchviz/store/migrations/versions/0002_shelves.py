"""Shelves, boards, uploads; where a run came from, whether it is deleted, and what lists sort and filter by."""

import json
import math

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Plain additions: a batch operation would copy `run` and drop the old table, and SQLite, dropping it, would
    # delete every attempt and chunk that refers to it.
    op.add_column("run", sa.Column("source", sa.String(16), nullable=False, server_default=sa.text("''")))
    op.add_column("run", sa.Column("title", sa.String(200), nullable=False, server_default=sa.text("''")))
    op.add_column("run", sa.Column("deleted", sa.Float(53)))
    op.add_column("run", sa.Column("dataset", sa.String(64), nullable=False, server_default=sa.text("''")))
    op.add_column("run", sa.Column("batch_size", sa.Integer, nullable=False, server_default="0"))
    op.add_column("run", sa.Column("val_loss", sa.Float(53)))
    op.add_column("run", sa.Column("seconds", sa.Float(53)))
    op.add_column("attempt", sa.Column("bytes", sa.Integer, nullable=False, server_default="0"))
    _fill_in()
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("favourite", sa.Boolean, nullable=False),
        sa.Column("added", sa.Float(53), nullable=False),
        sa.Column("deleted", sa.Float(53)),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("owner", "run_id", name="uq_entry_owner_run_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_entry_run_id_run", ondelete="CASCADE"),
    )
    op.create_index("ix_entry_owner_deleted_run_id", "entry", ["owner", "deleted", "run_id"])
    op.create_index("ix_entry_run_id", "entry", ["run_id"])
    op.execute(
        "INSERT INTO entry (owner, run_id, name, note, tags, words, favourite, added)"
        " SELECT owner, id, '', '', '[]', lower(public_id), false, created FROM run"
    )
    op.create_table(
        "board",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("view", sa.Text, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("changed", sa.Float(53), nullable=False),
        sa.Column("deleted", sa.Float(53)),
        sa.PrimaryKeyConstraint("id", name="pk_board"),
        sa.UniqueConstraint("public_id", name="uq_board_public_id"),
    )
    op.create_index("ix_board_owner_id", "board", ["owner", "id"])
    op.create_table(
        "board_run",
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("run", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("board_id", "place", name="pk_board_run"),
        sa.ForeignKeyConstraint(
            ["board_id"], ["board.id"], name="fk_board_run_board_id_board", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_board_run_run", "board_run", ["run"])
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("x", sa.LargeBinary, nullable=False),
        sa.Column("y", sa.LargeBinary, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("deleted", sa.Float(53)),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        sa.UniqueConstraint("public_id", name="uq_upload_public_id"),
    )
    op.create_index("ix_upload_owner_id", "upload", ["owner", "id"])


def downgrade() -> None:
    for table in ("upload", "board_run", "board", "entry"):
        op.drop_table(table)
    op.drop_column("attempt", "bytes")
    for column in ("source", "title", "deleted", "dataset", "batch_size", "val_loss", "seconds"):
        op.drop_column("run", column)


def _fill_in() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, spec, final FROM run")).all()
    for row in rows:
        spec, final = json.loads(row.spec), json.loads(row.final)
        training = math.floor(spec["rows"] * (1 - spec["validation_split"]))  # as Keras splits
        size = training if spec["batch_size"] == "full" else min(spec["batch_size"], training)
        connection.execute(
            sa.text(
                "UPDATE run SET dataset = :dataset, batch_size = :size, val_loss = :loss, seconds = :seconds"
                " WHERE id = :id"
            ),
            {
                "dataset": spec["dataset"],
                "size": size,
                "loss": final.get("val_loss"),
                "seconds": final.get("seconds"),
                "id": row.id,
            },
        )
    connection.execute(
        sa.text(
            "UPDATE attempt SET bytes = coalesce((SELECT sum(length(data)) FROM series_chunk c"
            " WHERE c.run_id = attempt.run_id AND c.attempt = attempt.number), 0)"
        )
    )
