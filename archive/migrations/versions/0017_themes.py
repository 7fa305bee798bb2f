"""Themes that archivists build from records; records that left public view keep a page"""

from alembic import op
import sqlalchemy as sa

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("summary", WORDS, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", WORDS, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("slug", name=op.f("uq_theme_slug")),
    )
    op.create_index(op.f("ix_theme_published_at"), "theme", ["published_at"])
    op.create_table(
        "theme_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", WORDS, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_theme_piece_theme_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_theme_piece_record_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_piece")),
    )
    op.create_index("ix_theme_piece_order", "theme_piece", ["theme_id", "place", "id"])
    op.create_index(op.f("ix_theme_piece_record_id"), "theme_piece", ["record_id"])
    op.create_table(
        "departure",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("left_on", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_departure_record_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["record.id"], name=op.f("fk_departure_successor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_departure")),
    )
    op.create_index(op.f("ix_departure_successor_id"), "departure", ["successor_id"])


def downgrade() -> None:
    op.drop_table("departure")
    op.drop_table("theme_piece")
    op.drop_table("theme")
