"""Pages waiting to be recognised, languages of pages, signatures of files, proposals

Every page that has an image and no text is put into the queue of recognition.
"""

from alembic import op
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("page", sa.Column("language", WORDS, nullable=False, server_default=""))
    op.create_table(
        "recognition_task",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_recognition_task_record_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_recognition_task_package_id")),
        sa.PrimaryKeyConstraint("record_id", "n", name=op.f("pk_recognition_task")),
    )
    op.create_index(
        "ix_recognition_task_waiting",
        "recognition_task",
        ["record_id", "n"],
        sqlite_where=sa.text("failed = 0"),
        postgresql_where=sa.text("NOT failed"),
    )
    op.execute(
        "INSERT INTO recognition_task (record_id, n, reason, attempts, failed, message) "
        "SELECT page.record_id, page.n, 'no-text', 0, CAST(0 AS BOOLEAN), '' FROM page "
        "WHERE page.image_sha256 IS NOT NULL AND page.text = ''"
    )
    op.create_table(
        "file_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        *(sa.Column(name, WORDS, nullable=False) for name in ("file", "sha256", "field", "signer", "issuer")),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("verdict", WORDS, nullable=False),
        sa.Column("coverage", WORDS, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_file_signature_record_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_signature")),
    )
    op.create_index(op.f("ix_file_signature_record_id"), "file_signature", ["record_id"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("field", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("first_word", sa.Integer(), nullable=False),
        sa.Column("last_word", sa.Integer(), nullable=False),
        sa.Column("contradicts", sa.Boolean(), nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_proposal_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("record_id", "field", name=op.f("uq_proposal_record_id_field")),
    )
    op.create_index(
        "ix_proposal_waiting",
        "proposal",
        ["record_id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_table("file_signature")
    op.drop_table("recognition_task")
    with op.batch_alter_table("page") as page:
        page.drop_column("language")
