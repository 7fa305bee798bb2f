"""A granted request is answered when its result is there: until then it is in the making, and cannot skip that"""

from alembic import op
import sqlalchemy as sa

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STEPS = (("approval", "making"), ("payment", "making"), ("making", "resolved"), ("making", "refused"))
REFUSED = "nobody of the staff acts on what is his own"
DAY = {
    "postgresql": "((NEW.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - DATE '0001-01-01' + 1)",
    "sqlite": "CAST(julianday(date(NEW.at, '+7 hours')) - 1721424.5 AS INTEGER)",
}
#: As of version 0030, with one state more that a decision leads to.
NO_DEPUTY = (
    """NEW."before" = 'approval' AND NEW."after" IN ({states}) """
    "AND EXISTS (SELECT 1 FROM account WHERE account.name = NEW.actor AND account.role <> 'head') "
    "AND NOT EXISTS (SELECT 1 FROM delegation JOIN account ON account.id = delegation.to_account "
    "JOIN reading_request ON reading_request.id = NEW.request_id WHERE account.name = NEW.actor "
    "AND delegation.ended IS NULL AND delegation.from_account <> reading_request.account_id "
    "AND {day} BETWEEN delegation.first AND delegation.last)"
)


def upgrade() -> None:
    steps = sa.table("request_step", sa.column("before"), sa.column("after"))
    op.bulk_insert(steps, [{"before": before, "after": after} for before, after in STEPS])
    _refuse("'resolved', 'payment', 'refused', 'making'")


def downgrade() -> None:
    # What is in the making was called resolved before, from the moment of its decision or payment
    op.execute(
        "UPDATE reading_request SET state = 'resolved', ended_at = (SELECT max(request_event.at) FROM request_event "
        "WHERE request_event.request_id = reading_request.id) WHERE state = 'making'"
    )
    op.execute("""DELETE FROM request_event WHERE "before" = 'making' AND "after" = 'resolved'""")
    op.execute("""UPDATE request_event SET "before" = 'resolved' WHERE "before" = 'making'""")
    op.execute("""UPDATE request_event SET "after" = 'resolved' WHERE "after" = 'making'""")
    op.execute("""DELETE FROM request_step WHERE "before" = 'making' OR "after" = 'making'""")
    _refuse("'resolved', 'payment', 'refused'")


def _refuse(states: str) -> None:
    name, condition = "request_event_deputy", NO_DEPUTY.format(states=states, day=DAY[op.get_bind().dialect.name])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
    else:
        op.execute(f"DROP TRIGGER {name}")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON request_event WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
