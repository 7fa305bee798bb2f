"""Who a file of a request was of, with the number of the identity paper, lies encrypted, too: the file outlives the account"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from archive.sealed_text import seal, unseal

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

REQUEST = sa.table("reading_request", sa.column("id", sa.Integer), sa.column("asker", sa.String))


def upgrade() -> None:
    _rewrite(seal)


def downgrade() -> None:
    _rewrite(unseal)


def _rewrite(change: Callable[[str], str]) -> None:
    connection = op.get_bind()
    for own, kept in connection.execute(sa.select(REQUEST.c.id, REQUEST.c.asker).where(REQUEST.c.asker != "")).all():
        connection.execute(sa.update(REQUEST).where(REQUEST.c.id == own).values(asker=change(kept)))
