"""What a request was granted can be taken back: a step that leaves the request answered"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STEPS = (("resolved", "resolved"), ("returned", "returned"))


def upgrade() -> None:
    steps = sa.table("request_step", sa.column("before"), sa.column("after"))
    op.bulk_insert(steps, [{"before": before, "after": after} for before, after in STEPS])


def downgrade() -> None:
    for state, _same in STEPS:
        op.execute(f"""DELETE FROM request_event WHERE "before" = '{state}' AND "after" = '{state}'""")
        op.execute(f"""DELETE FROM request_step WHERE "before" = '{state}' AND "after" = '{state}'""")
