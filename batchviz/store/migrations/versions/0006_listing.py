"""What lists of runs sort, filter and group by, in columns; searched words without accents and without ids."""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "listing",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("experiment", sa.String(32), nullable=False),
        sa.Column("dataset", sa.String(64)),
        sa.Column("rows", sa.Integer),
        sa.Column("noise", sa.Float(53)),
        sa.Column("data_seed", sa.Integer),
        sa.Column("validation_split", sa.Float(53)),
        sa.Column("batch_size", sa.Integer),
        sa.Column("full_batch", sa.Boolean),
        sa.Column("batch_schedule", sa.Text),
        sa.Column("accumulation", sa.Integer),
        sa.Column("update_examples", sa.Integer),
        sa.Column("model", sa.String(32)),
        sa.Column("hidden", sa.String(64)),
        sa.Column("activation", sa.String(32)),
        sa.Column("dropout", sa.Float(53)),
        sa.Column("batch_norm", sa.Boolean),
        sa.Column("optimizer", sa.String(32)),
        sa.Column("momentum", sa.Float(53)),
        sa.Column("learning_rate", sa.Float(53)),
        sa.Column("learning_rate_rule", sa.String(32)),
        sa.Column("base_batch_size", sa.Integer),
        sa.Column("first_learning_rate", sa.Float(53)),
        sa.Column("budget", sa.Float(53)),
        sa.Column("budget_unit", sa.String(16)),
        sa.Column("seed", sa.Integer),
        sa.Column("val_metric", sa.Float(53)),
        sa.Column("train_loss", sa.Float(53)),
        sa.Column("train_metric", sa.Float(53)),
        sa.Column("updates", sa.Float(53)),
        sa.PrimaryKeyConstraint("run_id", name="pk_listing"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_listing_run_id_run", ondelete="CASCADE"),
    )
    # Its rows are written when the store is opened (store/listing.py), as whenever a spec is read anew.
    connection = op.get_bind()
    entries = connection.execute(
        sa.text("SELECT e.id, e.name, e.note, e.tags, r.title FROM entry e JOIN run r ON r.id = e.run_id")
    ).all()
    for entry in entries:
        texts = (entry.title, entry.name, entry.note, *json.loads(entry.tags))
        words = _folded(" ".join(text for text in texts if text))
        connection.execute(
            sa.text("UPDATE entry SET words = :words WHERE id = :id"), {"words": words, "id": entry.id}
        )


def downgrade() -> None:
    op.drop_table("listing")


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
