"""Readers' requests: the request, its records, the steps that the state machine knows and those that were taken"""

from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

STEPS = (
    ("", "received"),
    ("received", "processing"),
    ("received", "withdrawn"),
    ("processing", "supplement"),
    ("processing", "approval"),
    ("processing", "withdrawn"),
    ("supplement", "processing"),
    ("supplement", "withdrawn"),
    ("approval", "processing"),
    ("approval", "resolved"),
    ("approval", "refused"),
)


def upgrade() -> None:
    steps = op.create_table(
        "request_step",
        sa.Column("before", WORDS, nullable=False),
        sa.Column("after", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("before", "after", name=op.f("pk_request_step")),
    )
    op.bulk_insert(steps, [{"before": before, "after": after} for before, after in STEPS])
    op.create_table(
        "reading_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("purpose", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Integer(), nullable=False),
        sa.Column("term", WORDS, nullable=False),
        sa.Column("paused_on", sa.Integer(), nullable=True),
        sa.Column("officer", WORDS, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reading_request_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_request")),
        sa.UniqueConstraint("code", name=op.f("uq_reading_request_code")),
    )
    op.create_index("ix_reading_request_account_id", "reading_request", ["account_id"])
    op.create_index("ix_reading_request_state", "reading_request", ["state"])
    op.create_table(
        "request_item",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("answer", WORDS, nullable=False),
        sa.Column("ground", WORDS, nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["reading_request.id"], name=op.f("fk_request_item_request_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_request_item_record_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_request_item_grant_id")),
        sa.PrimaryKeyConstraint("request_id", "record_id", name=op.f("pk_request_item")),
    )
    op.create_table(
        "request_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("before", WORDS, nullable=False),
        sa.Column("after", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["reading_request.id"], name=op.f("fk_request_event_request_id")),
        sa.ForeignKeyConstraint(
            ["before", "after"], ["request_step.before", "request_step.after"], name=op.f("fk_request_event_before")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    op.create_index("ix_request_event_request_id", "request_event", ["request_id"])


def downgrade() -> None:
    for table in ("request_event", "request_item", "reading_request", "request_step"):
        op.drop_table(table)
