"""The lexicon of spellings, a derived table: empty until it is built from the catalogue"""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "spelling",
        sa.Column("key", WORDS, nullable=False),
        sa.Column("forms", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_spelling")),
    )


def downgrade() -> None:
    op.drop_table("spelling")
