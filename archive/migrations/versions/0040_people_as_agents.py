"""Who signed, photographed or recorded a document is an agent, too: one for each name, whatever its spelling"""

import sqlalchemy as sa
from alembic import op

from archive.accession.description import PEOPLE, people_named
from archive.accession.names import name_key
from archive.catalogue.records import read_values
from archive.identifiers import new_identifier

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

PART = 1_000
RECORD = sa.table(
    "record",
    *(sa.column("id", sa.Integer), sa.column("level", sa.Text)),
    *(sa.column("delivered", sa.JSON), sa.column("curated", sa.JSON)),
)
AGENT = sa.table(
    "agent",
    *(sa.column("id", sa.Integer), sa.column("version", sa.Integer)),
    *(sa.column(name, sa.Text) for name in ("public_id", "name", "name_key", "kind")),
)


def upgrade() -> None:
    connection, last = op.get_bind(), 0
    known = set(connection.scalars(sa.select(AGENT.c.name_key)))
    asked = sa.select(RECORD).where(RECORD.c.level == "document").order_by(RECORD.c.id).limit(PART)
    while rows := connection.execute(asked.where(RECORD.c.id > last)).all():
        told = (name for row in rows for text in read_values(row, PEOPLE) for name in people_named(row.level, text))
        fresh = {key: name for name in told if (key := name_key(name)) and key not in known}
        if fresh:
            made = ((new_identifier(), name, key) for key, name in fresh.items())
            connection.execute(
                AGENT.insert(),
                [{"public_id": own, "name": name, "name_key": key, "kind": "person", "version": 1}
                 for own, name, key in made],
            )  # fmt: skip
            known |= set(fresh)
        last = rows[-1].id


def downgrade() -> None:
    op.get_bind().execute(AGENT.delete().where(AGENT.c.kind == "person"))
