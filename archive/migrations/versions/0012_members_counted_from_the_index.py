"""Members of a record are counted, dated and skipped from one index, without reading their rows"""

from alembic import op

revision = "0012"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = ["parent_id", "order_key", "id", "level", "everyone_from_see", "date_from", "date_to"]


def upgrade() -> None:
    op.drop_index("ix_record_parent_order", "record")
    op.create_index("ix_record_parent_members", "record", COLUMNS)


def downgrade() -> None:
    op.drop_index("ix_record_parent_members", "record")
    op.create_index("ix_record_parent_order", "record", ["parent_id", "order_key"])
