"""Members of a record are counted, dated and skipped from one index; shelves of readers; enquiries about records"""

from alembic import op
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
COLUMNS = ["parent_id", "order_key", "id", "level", "everyone_from_see", "date_from", "date_to"]


def upgrade() -> None:
    op.drop_index("ix_record_parent_order", "record")
    op.create_index("ix_record_parent_members", "record", COLUMNS)
    op.create_table(
        "kept_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("what", WORDS, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kept_item_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_item")),
    )
    op.create_index("ix_kept_item_account", "kept_item", ["account_id", "id"])
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("text", WORDS, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("answer", WORDS, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", WORDS, nullable=False),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_enquiry_record_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("code", name=op.f("uq_enquiry_code")),
    )
    op.create_index(op.f("ix_enquiry_record_id"), "enquiry", ["record_id"])
    op.create_index(op.f("ix_enquiry_received_at"), "enquiry", ["received_at"])


def downgrade() -> None:
    op.drop_table("enquiry")
    op.drop_table("kept_item")
    op.drop_index("ix_record_parent_members", "record")
    op.create_index("ix_record_parent_order", "record", ["parent_id", "order_key"])
