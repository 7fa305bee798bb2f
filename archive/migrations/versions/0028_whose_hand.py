"""Deliveries: by which hand they came, who undid them and decided what was held, which one they correct, and about
which record a line is that may not name it"""

from alembic import op
import sqlalchemy as sa

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NAMES = (
    ("handover", "agent"), ("handover", "corrects"), ("handover", "undone_by"), ("held_change", "decided_by"),
    ("report_row", "about"),
)  # fmt: skip


def upgrade() -> None:
    for table, name in NAMES:
        op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_index("ix_handover_corrects", "handover", ["corrects"])


def downgrade() -> None:
    op.drop_index("ix_handover_corrects", table_name="handover")
    for table, name in reversed(NAMES):
        op.drop_column(table, name)
