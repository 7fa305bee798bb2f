"""Requests: how many copies on paper are wanted, who pays less; pages that staff counted of what is on paper only"""

from alembic import op
import sqlalchemy as sa

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("reading_request", sa.Column("payer_class", WORDS, nullable=False, server_default=""))
    op.add_column("reading_request", sa.Column("paper_copies", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("request_item", sa.Column("sheets", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("request_item", "sheets")
    for name in ("paper_copies", "payer_class"):
        op.drop_column("reading_request", name)
