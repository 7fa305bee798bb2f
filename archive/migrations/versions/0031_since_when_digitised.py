"""Custody says of a change whether the record lay on shelves only before: since when it is digitised can be counted"""

import json

from alembic import op
import sqlalchemy as sa
import zstandard

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

PART = 200  # what a change kept holds whole pages: never all of it at once


def upgrade() -> None:
    op.add_column("accession", sa.Column("was_paper", sa.Boolean(), nullable=False, server_default=sa.false()))
    table = sa.table(
        "accession", sa.column("id"), sa.column("before", sa.LargeBinary()), sa.column("was_paper", sa.Boolean())
    )
    kept, last = op.get_bind(), 0
    asked = sa.select(table.c.id, table.c.before).where(table.c.before.is_not(None)).order_by(table.c.id).limit(PART)
    while rows := kept.execute(asked.where(table.c.id > last)).all():
        paper = [own for own, before in rows if _medium(before) == "paper"]
        kept.execute(table.update().where(table.c.id.in_(paper)).values(was_paper=True))
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("accession", "was_paper")


def _medium(before: bytes) -> str:
    return str(json.loads(zstandard.ZstdDecompressor().decompress(before))["record"]["medium"])
