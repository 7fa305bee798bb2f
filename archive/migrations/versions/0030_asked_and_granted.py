"""Which pages were asked for stays beside which were granted; a deputy decides on the days of the delegation only"""

from alembic import op
import sqlalchemy as sa

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
REFUSED = "nobody of the staff acts on what is his own"
#: The day of Viet Nam (a day number, 1 = 1 January of the year 1) on which the step itself says it was taken: the
#: house's clock wrote it, the database needs none.
DAY = {
    "postgresql": "((NEW.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - DATE '0001-01-01' + 1)",
    "sqlite": "CAST(julianday(date(NEW.at, '+7 hours')) - 1721424.5 AS INTEGER)",
}
#: As of version 0029, which left the days to the code.
NO_DEPUTY = (
    """NEW."before" = 'approval' AND NEW."after" IN ('resolved', 'payment', 'refused') """
    "AND EXISTS (SELECT 1 FROM account WHERE account.name = NEW.actor AND account.role <> 'head') "
    "AND NOT EXISTS (SELECT 1 FROM delegation JOIN account ON account.id = delegation.to_account "
    "JOIN reading_request ON reading_request.id = NEW.request_id WHERE account.name = NEW.actor "
    "AND delegation.ended IS NULL AND delegation.from_account <> reading_request.account_id{})"
)
DAYS = " AND {0} BETWEEN delegation.first AND delegation.last"


def upgrade() -> None:
    op.add_column("request_item", sa.Column("pages_asked", WORDS, nullable=False, server_default=""))
    # What was decided with other pages is not known any more; what was refused, or waits, says what was asked
    op.execute("UPDATE request_item SET pages_asked = pages")
    op.execute("UPDATE request_item SET pages = '' WHERE answer <> 'granted'")
    _refuse(DAYS.format(DAY[op.get_bind().dialect.name]))


def downgrade() -> None:
    _refuse("")
    op.execute("UPDATE request_item SET pages = pages_asked WHERE answer <> 'granted'")
    op.drop_column("request_item", "pages_asked")


def _refuse(days: str) -> None:
    name, condition = "request_event_deputy", NO_DEPUTY.format(days)
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
