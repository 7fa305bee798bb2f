"""Personal numbers are masked; images held for review; lists of conditional records; requests to take down

What the catalogue holds already is masked afterwards, in parts (archive.accession.masking): ``masking_progress`` says
how far.
"""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "personal_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("field", WORDS, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("original", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_personal_mark_record_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_mark")),
    )
    op.create_index("ix_personal_mark_record_page", "personal_mark", ["record_id", "page"])
    op.create_table(
        "masking_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_masking_progress")),
    )
    op.execute("INSERT INTO masking_progress (id, last, until) SELECT 1, 0, max(id) FROM record HAVING max(id) > 0")
    op.add_column("page", sa.Column("image_held", WORDS, nullable=False, server_default=""))
    op.create_index(
        "ix_page_held",
        "page",
        ["record_id", "n"],
        sqlite_where=sa.text("image_held = 'held'"),
        postgresql_where=sa.text("image_held = 'held'"),
    )
    op.create_table(
        "conditional_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", WORDS, nullable=False),
        sa.Column("decision", WORDS, nullable=False),
        sa.Column("decided_on", sa.Integer(), nullable=False),
        sa.Column("approver", WORDS, nullable=False),
        sa.Column("ended_on", sa.Integer(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conditional_list")),
        sa.UniqueConstraint("decision", name=op.f("uq_conditional_list_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_conditional_list_public_id")),
    )
    op.create_table(
        "conditional_member",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("ground", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["conditional_list.id"], name=op.f("fk_conditional_member_list_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_conditional_member_record_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "record_id", name=op.f("pk_conditional_member")),
    )
    op.create_index(op.f("ix_conditional_member_record_id"), "conditional_member", ["record_id"])
    op.create_table(
        "takedown_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        *(sa.Column(name, WORDS, nullable=False) for name in ("about", "asker", "contact", "wish", "reason")),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Integer(), nullable=False),
        *(sa.Column(name, WORDS, nullable=False) for name in ("state", "outcome", "ground")),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", WORDS, nullable=False),
        sa.Column("erase_on", sa.Integer(), nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_takedown_request_record_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_request")),
        sa.UniqueConstraint("code", name=op.f("uq_takedown_request_code")),
    )
    op.create_index(op.f("ix_takedown_request_record_id"), "takedown_request", ["record_id"])
    op.create_index(op.f("ix_takedown_request_received_at"), "takedown_request", ["received_at"])


def downgrade() -> None:
    """The masked texts stay masked: the older program shows no personal number either; originals go with the table."""
    op.drop_table("takedown_request")
    op.drop_table("conditional_member")
    op.drop_table("conditional_list")
    op.drop_index("ix_page_held", "page")
    with op.batch_alter_table("page") as page:
        page.drop_column("image_held")
    op.drop_table("masking_progress")
    op.drop_table("personal_mark")
