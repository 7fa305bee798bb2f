"""The numbers of readers' identity papers lie encrypted, under a key that is made of VANKHO_SECRET"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from archive.sealed_text import seal, unseal

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ACCOUNT = sa.table("account", sa.column("id", sa.Integer), sa.column("identification", sa.String))


def upgrade() -> None:
    _rewrite(seal)


def downgrade() -> None:
    _rewrite(unseal)


def _rewrite(change: Callable[[str], str]) -> None:
    connection, number = op.get_bind(), ACCOUNT.c.identification
    for own, kept in connection.execute(sa.select(ACCOUNT.c.id, number).where(number != "")).all():
        connection.execute(sa.update(ACCOUNT).where(ACCOUNT.c.id == own).values(identification=change(kept)))
