"""Classes without accounts: members, answers, what they train."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "classroom",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("measures", sa.Boolean, nullable=False),
        sa.Column("sweep", sa.Text, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("ends", sa.Float(53), nullable=False),
        sa.Column("ended", sa.Float(53)),
        sa.PrimaryKeyConstraint("id", name="pk_classroom"),
        sa.UniqueConstraint("code", name="uq_classroom_code"),
    )
    op.create_index("ix_classroom_owner_id", "classroom", ["owner", "id"])
    op.create_index("ix_classroom_ends", "classroom", ["ends"])
    op.create_table(
        "class_round",
        sa.Column("class_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("runs", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("class_id", "number", name="pk_class_round"),
        _of_class("class_round"),
    )
    op.create_table(
        "class_member",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("class_id", sa.Integer, nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("arm", sa.String(16), nullable=False),
        sa.Column("joined", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_class_member"),
        sa.UniqueConstraint("class_id", "visitor", name="uq_class_member_class_id_visitor"),
        _of_class("class_member"),
    )
    op.create_table(
        "class_answer",
        sa.Column("member_id", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("vote", sa.String(8), nullable=False),
        sa.Column("class_id", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("changed", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "round", "vote", name="pk_class_answer"),
        _of_member("class_answer"),
        _of_class("class_answer"),
    )
    op.create_index("ix_class_answer_class_id_round", "class_answer", ["class_id", "round"])
    op.create_table(
        "class_point",
        sa.Column("class_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("member_id", sa.Integer, nullable=False),
        sa.Column("run", sa.String(16), nullable=False),
        sa.Column("taken", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("class_id", "number", name="pk_class_point"),
        _of_class("class_point"),
        _of_member("class_point"),
    )
    op.create_index("ix_class_point_member_id", "class_point", ["member_id"])
    op.create_table(
        "class_sent",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("class_id", sa.Integer, nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("batch_size", sa.Integer),
        sa.Column("seed", sa.Integer),
        sa.Column("epochs", sa.Text, nullable=False),
        sa.Column("changed", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_class_sent"),
        _of_class("class_sent"),
    )
    op.create_index("ix_class_sent_class_id_sender", "class_sent", ["class_id", "sender"])


def _of_class(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["class_id"], ["classroom.id"], name=f"fk_{table}_class_id_classroom", ondelete="CASCADE"
    )


def _of_member(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["member_id"], ["class_member.id"], name=f"fk_{table}_member_id_class_member", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("class_sent", "class_point", "class_answer", "class_member", "class_round", "classroom"):
        op.drop_table(table)
