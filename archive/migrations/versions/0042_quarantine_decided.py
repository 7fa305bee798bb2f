"""What waits in quarantine is decided by people: who, what, on which ground, and with which access it comes in"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("quarantined_row") as table:
        for name in ("decision", "decided_by", "reason", "level"):
            table.add_column(sa.Column(name, WORDS, nullable=False, server_default=""))
        table.add_column(sa.Column("opens_on", sa.Integer()))
        table.add_column(sa.Column("judged_at", MOMENT))
        table.add_column(sa.Column("entered_at", MOMENT))


def downgrade() -> None:
    with op.batch_alter_table("quarantined_row") as table:
        for name in ("decision", "decided_by", "reason", "level", "opens_on", "judged_at", "entered_at"):
            table.drop_column(name)
