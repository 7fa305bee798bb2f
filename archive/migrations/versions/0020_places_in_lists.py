"""Members of a record by title, by number and by day; letters about saved searches, for who wants them"""

from alembic import op
import sqlalchemy as sa

from archive.filing import UNDATED, UNNUMBERED, UNTITLED, filing_day, filing_number, filing_title

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
PART = 5_000


def upgrade() -> None:
    op.add_column("record", sa.Column("filing_title", WORDS, nullable=False, server_default=UNTITLED))
    op.add_column("record", sa.Column("filing_number", sa.Integer(), nullable=False, server_default=str(UNNUMBERED)))
    op.add_column("record", sa.Column("filing_day", sa.Integer(), nullable=False, server_default=str(UNDATED)))
    _file()
    op.create_index("ix_record_by_title", "record", ["parent_id", "filing_title", "id", "everyone_from_see"])
    op.create_index("ix_record_by_number", "record", ["parent_id", "filing_number", "id", "everyone_from_see"])
    op.create_index("ix_record_by_day", "record", ["parent_id", "filing_day", "id", "everyone_from_see"])
    op.add_column("kept_item", sa.Column("letters", WORDS, nullable=False, server_default=""))
    op.add_column("kept_item", sa.Column("told_to", sa.Integer(), nullable=True))
    op.add_column("kept_item", sa.Column("looked_at", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in ("looked_at", "told_to", "letters"):
        op.drop_column("kept_item", name)
    for name in ("day", "number", "title"):
        op.drop_index(f"ix_record_by_{name}", "record")
    op.drop_column("record", "filing_day")
    op.drop_column("record", "filing_number")
    op.drop_column("record", "filing_title")


def _file() -> None:
    """The keys of the records that are there, by parts."""
    record = sa.table("record", *(sa.column(name) for name in ("id", "title", "number", "code", "date_from")),
                      sa.column("filing_title", WORDS), sa.column("filing_number", sa.Integer()),
                      sa.column("filing_day", sa.Integer()))  # fmt: skip
    last, connection = 0, op.get_bind()
    while rows := connection.execute(
        sa.select(record.c.id, record.c.title, record.c.number, record.c.code, record.c.date_from)
        .where(record.c.id > last).order_by(record.c.id).limit(PART)
    ).all():  # fmt: skip
        connection.execute(
            sa.update(record)
            .where(record.c.id == sa.bindparam("own"))
            .values(
                filing_title=sa.bindparam("by_title"),
                filing_number=sa.bindparam("by_number"),
                filing_day=sa.bindparam("by_day"),
            ),
            [
                {
                    "own": own,
                    "by_title": filing_title(title),
                    "by_number": filing_number(number, code),
                    "by_day": filing_day(first),
                }
                for own, title, number, code, first in rows
            ],
        )
        last = rows[-1][0]
