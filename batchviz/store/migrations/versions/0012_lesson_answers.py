"""What visitors answered in lessons."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "lesson_answer",
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("lesson", sa.String(64), nullable=False),
        sa.Column("question", sa.String(32), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("owner", "lesson", "question", name="pk_lesson_answer"),
    )


def downgrade() -> None:
    op.drop_table("lesson_answer")
