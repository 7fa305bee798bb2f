"""Indices for browsing: what the fonds hold for readers, and what opened lately"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COVERING = ["fonds_id", "level", "everyone_from_see", "everyone_from_read", "medium", "date_from", "date_to"]


def upgrade() -> None:
    op.drop_index("ix_record_fonds_level", "record")
    op.create_index("ix_record_fonds_level", "record", COVERING)
    op.create_index("ix_record_everyone_from_read", "record", ["everyone_from_read"])


def downgrade() -> None:
    op.drop_index("ix_record_everyone_from_read", "record")
    op.drop_index("ix_record_fonds_level", "record")
    op.create_index("ix_record_fonds_level", "record", ["fonds_id", "level"])
