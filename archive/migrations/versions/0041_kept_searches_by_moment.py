"""A kept search remembers when its reader last looked, not how many records there were: a count tells nothing of what came"""

from alembic import op
import sqlalchemy as sa

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kept_item", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE kept_item SET seen_at = kept_at WHERE kind = 'search'")  # when it was looked at nobody wrote down
    op.drop_column("kept_item", "seen")


def downgrade() -> None:
    op.add_column("kept_item", sa.Column("seen", sa.Integer(), nullable=True))
    op.drop_column("kept_item", "seen_at")
