"""Deliveries: how often their taking was begun, and when it is due again"""

from alembic import op
import sqlalchemy as sa

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handover", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("handover", sa.Column("due", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("due", "attempts"):
        op.drop_column("handover", name)
