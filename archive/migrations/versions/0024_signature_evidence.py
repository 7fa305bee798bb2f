"""Signatures of delivered files: what their time stamps and what is known of revocation say"""

from alembic import op
import sqlalchemy as sa

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for name in ("stamp", "revocation"):
        op.add_column("file_signature", sa.Column(name, WORDS, nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("stamp", "revocation"):
        op.drop_column("file_signature", name)
