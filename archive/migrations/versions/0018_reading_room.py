"""The reading room: appointments with a place, originals handed out and returned; grants on pages"""

from alembic import op
import sqlalchemy as sa

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("grant", sa.Column("pages", WORDS, nullable=False, server_default=""))
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("half", WORDS, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_appointment_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("day", "half", "seat", name=op.f("uq_appointment_day_half_seat")),
    )
    op.create_index("ix_appointment_account_id", "appointment", ["account_id"])
    op.create_table(
        "loan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("out_at", MOMENT, nullable=False),
        sa.Column("out_by", WORDS, nullable=False),
        sa.Column("due_on", sa.Integer(), nullable=False),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.Column("back_by", WORDS, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_loan_record_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_loan_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("code", name=op.f("uq_loan_code")),
    )
    op.create_index("ix_loan_account_id", "loan", ["account_id"])
    op.create_index(
        "ix_loan_out", "loan", ["record_id"], unique=True,
        sqlite_where=sa.text("back_at IS NULL"), postgresql_where=sa.text("back_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("loan")
    op.drop_table("appointment")
    op.drop_column("grant", "pages")
