"""How long an attempt has been under way, which tells when it will be over."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("attempt", sa.Column("elapsed", sa.Float(53), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("attempt", "elapsed")
