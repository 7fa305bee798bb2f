"""A copy is known by the certificate that signed it, a package by the signed file in it; lists are reviewed and ended"""

from alembic import op
import sqlalchemy as sa

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KNOWN = ("certificate", "signed_sha256")


def upgrade() -> None:
    for name in KNOWN:
        op.add_column("issued_copy", sa.Column(name, WORDS, nullable=False, server_default=""))
        op.create_index(f"ix_issued_copy_{name}", "issued_copy", [name])
    op.add_column("issued_copy", sa.Column("signed_size", WHOLE, nullable=False, server_default="0"))
    op.add_column("conditional_list", sa.Column("end_ground", WORDS, nullable=False, server_default=""))
    op.add_column("conditional_list", sa.Column("review_on", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in ("review_on", "end_ground"):
        op.drop_column("conditional_list", name)
    op.drop_column("issued_copy", "signed_size")
    for name in KNOWN:
        op.drop_index(f"ix_issued_copy_{name}", "issued_copy")
        op.drop_column("issued_copy", name)
