"""Copies of records that are given to readers"""

from alembic import op
import sqlalchemy as sa

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "issued_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grade", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("pages", WORDS, nullable=False),
        sa.Column("masks", sa.JSON(), nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("error", WORDS, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("signer", WORDS, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["reading_request.id"], name=op.f("fk_issued_copy_request_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_issued_copy_record_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_issued_copy_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_copy")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_copy_code")),
        sa.UniqueConstraint("request_id", "record_id", "grade", name=op.f("uq_issued_copy_request_id_record_id_grade")),
    )
    for column in ("request_id", "state", "sha256"):
        op.create_index(op.f(f"ix_issued_copy_{column}"), "issued_copy", [column])


def downgrade() -> None:
    op.drop_table("issued_copy")
