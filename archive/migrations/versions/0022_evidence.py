"""Papers that prove something for a request"""

from alembic import op
import sqlalchemy as sa

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("submission", WORDS, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("paper", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("media", WORDS, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["reading_request.id"], name=op.f("fk_evidence_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("code", name=op.f("uq_evidence_code")),
        sa.UniqueConstraint(
            "account_id", "submission", "sha256", name=op.f("uq_evidence_account_id_submission_sha256")
        ),
    )
    op.create_index("ix_evidence_request_id", "evidence", ["request_id"])
    op.create_index("ix_evidence_sent_at", "evidence", ["sent_at"])


def downgrade() -> None:
    op.drop_table("evidence")
