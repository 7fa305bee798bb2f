"""Personal data by dated rules: accounts that are nobody's any more, who asked where the file outlives the account,
and the last step a digest told of"""

from alembic import op
import sqlalchemy as sa

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("told_event", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("account", sa.Column("erased_at", MOMENT, nullable=True))
    op.add_column("reading_request", sa.Column("asker", WORDS, nullable=False, server_default=""))
    # What was "ends" is now the choice of obligatory letters only; of staff it never meant anything but "letters"
    op.execute("UPDATE account SET notices = 'none' WHERE notices = 'ends' AND role = 'reader'")
    op.execute("UPDATE account SET notices = 'each' WHERE notices = 'ends'")


def downgrade() -> None:
    op.drop_column("reading_request", "asker")
    op.drop_column("account", "erased_at")
    op.drop_column("account", "told_event")
