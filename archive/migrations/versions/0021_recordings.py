"""Sound and film: what each file is, and when its words are said"""

from alembic import op
import sqlalchemy as sa

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("container", WORDS, nullable=False),
        sa.Column("media_type", WORDS, nullable=False),
        sa.Column("codec", WORDS, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("bit_rate", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("sample_rate", sa.Integer(), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=True),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("cues", sa.LargeBinary(), nullable=True),
        sa.Column("held", WORDS, nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_recording_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", "n", name=op.f("pk_recording")),
    )


def downgrade() -> None:
    op.drop_table("recording")
