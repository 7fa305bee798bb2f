"""Deliveries as people see them: who handed over what, what each package did to a record, mappings of registers"""

from alembic import op
import sqlalchemy as sa

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", WORDS, nullable=False),
        sa.Column("account", WORDS, nullable=False),
        sa.Column("agency_id", sa.Integer()),
        sa.Column("channel", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("place", WORDS, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("arrived", WHOLE, nullable=False),
        sa.Column("idempotency_key", WORDS),
        sa.Column("asked", WORDS, nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("step", WORDS, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("received", MOMENT, nullable=False),
        sa.Column("begun", MOMENT),
        sa.Column("finished", MOMENT),
        sa.Column("undone", MOMENT),
        sa.Column("package_id", sa.Integer()),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_handover_agency_id")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_handover_package_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("public_id", name=op.f("uq_handover_public_id")),
        sa.UniqueConstraint("account", "idempotency_key", name=op.f("uq_handover_account_idempotency_key")),
    )
    for column in ("agency_id", "state", "package_id"):
        op.create_index(op.f(f"ix_handover_{column}"), "handover", [column])
    op.add_column("held_change", sa.Column("decision", WORDS, nullable=False, server_default=""))
    op.create_table(
        "accession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.LargeBinary()),
        sa.Column("undone", MOMENT),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_accession_package_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_accession_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accession")),
    )
    op.create_index("ix_accession_package_record", "accession", ["package_id", "record_id"])
    op.create_index(op.f("ix_accession_record_id"), "accession", ["record_id"])
    op.create_table(
        "register_mapping",
        sa.Column("signature", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("saved", MOMENT, nullable=False),
        sa.Column("saved_by", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_register_mapping")),
    )


def downgrade() -> None:
    with op.batch_alter_table("held_change") as held:
        held.drop_column("decision")
    for table in ("register_mapping", "accession", "handover"):
        op.drop_table(table)
