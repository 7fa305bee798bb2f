"""A grant that ended by its day stays ended, also when the clock is set back"""

from alembic import op
import sqlalchemy as sa

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("grant", sa.Column("ended", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("grant", "ended")
