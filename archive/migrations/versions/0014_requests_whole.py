"""Requests to their end: payment, consents, delegation, drafts, assisted requests, what the reader chose to hear of"""

from alembic import op
import sqlalchemy as sa

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

STEPS = (
    ("processing", "received"),
    ("processing", "processing"),
    ("approval", "approval"),
    ("approval", "payment"),
    ("payment", "resolved"),
    ("payment", "withdrawn"),
    ("resolved", "returned"),
)

def _of_request() -> list[sa.Column[object]]:
    return [
        sa.Column("submission", WORDS, nullable=True),
        sa.Column("requester", WORDS, nullable=False, server_default="citizen"),
        sa.Column("wanted", WORDS, nullable=False, server_default=""),
        sa.Column("channel", WORDS, nullable=False, server_default="online"),
        sa.Column("entered_by", WORDS, nullable=False, server_default=""),
        sa.Column("behalf", WORDS, nullable=False, server_default=""),
        sa.Column("proof", WORDS, nullable=False, server_default=""),
        sa.Column("round", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("seen_event", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_note", WORDS, nullable=False, server_default=""),
    ]


def _of_item() -> list[sa.Column[object]]:
    return [
        sa.Column("until", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("copying", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("pages", WORDS, nullable=False, server_default=""),
    ]


def upgrade() -> None:
    steps = sa.table("request_step", sa.column("before", WORDS), sa.column("after", WORDS))
    op.bulk_insert(steps, [{"before": before, "after": after} for before, after in STEPS])
    for column in _of_request():
        op.add_column("reading_request", column)
    op.create_index("ix_reading_request_submission", "reading_request", ["submission"], unique=True)
    for column in _of_item():
        op.add_column("request_item", column)
    op.add_column("account", sa.Column("notices", WORDS, nullable=False, server_default="each"))
    op.create_table(
        "request_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("approver", WORDS, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reference", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["reading_request.id"], name=op.f("fk_request_consent_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_consent")),
        sa.UniqueConstraint("request_id", "round", "ordinal", name=op.f("uq_request_consent_request_id_round_ordinal")),
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_account", sa.Integer(), nullable=False),
        sa.Column("to_account", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("ground", WORDS, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["from_account"], ["account.id"], name=op.f("fk_delegation_from_account")),
        sa.ForeignKeyConstraint(["to_account"], ["account.id"], name=op.f("fk_delegation_to_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_to_account", "delegation", ["to_account"])
    op.create_table(
        "request_draft",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_request_draft_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_request_draft")),
    )


def downgrade() -> None:
    for table in ("request_draft", "delegation", "request_consent"):
        op.drop_table(table)
    op.drop_column("account", "notices")
    op.drop_index("ix_reading_request_submission", "reading_request")
    for column in _of_item():
        op.drop_column("request_item", column.name)
    for column in _of_request():
        op.drop_column("reading_request", column.name)
    steps = sa.table("request_step", sa.column("before", WORDS), sa.column("after", WORDS))
    for before, after in STEPS:
        op.execute(steps.delete().where(steps.c.before == before, steps.c.after == after))
