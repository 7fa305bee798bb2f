"""An officer sees how a record was answered before: found by the record, not by reading every request"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_request_item_record_id", "request_item", ["record_id"])


def downgrade() -> None:
    op.drop_index("ix_request_item_record_id", "request_item")
