"""Nobody of the staff takes or gives back his own money, nor hands originals to himself; who deputises has a head beside
the one who asked; where copies on paper are posted to"""

from alembic import op
import sqlalchemy as sa

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
REFUSED = "nobody of the staff acts on what is his own"
OWN_MONEY = (
    "NEW.way IN ('desk', 'refund') AND EXISTS (SELECT 1 FROM bill JOIN reading_request ON reading_request.id = "
    "bill.request_id JOIN account ON account.id = reading_request.account_id "
    "WHERE bill.id = NEW.bill_id AND account.name = NEW.actor)"
)
OWN_LOAN = "EXISTS (SELECT 1 FROM account WHERE account.id = NEW.account_id AND account.name = NEW.{})"
#: Days are left to the code, whose clock the database does not know.
NO_DEPUTY = (
    """NEW."before" = 'approval' AND NEW."after" IN ('resolved', 'payment', 'refused') """
    "AND EXISTS (SELECT 1 FROM account WHERE account.name = NEW.actor AND account.role <> 'head') "
    "AND NOT EXISTS (SELECT 1 FROM delegation JOIN account ON account.id = delegation.to_account "
    "JOIN reading_request ON reading_request.id = NEW.request_id WHERE account.name = NEW.actor "
    "AND delegation.ended IS NULL AND delegation.from_account <> reading_request.account_id)"
)
#: Name of the trigger: table, moment, condition.
TRIGGERS = {
    "payment_not_own": ("payment", "INSERT", OWN_MONEY),
    "loan_out_not_own": ("loan", "INSERT", OWN_LOAN.format("out_by")),
    "loan_back_not_own": ("loan", "UPDATE OF back_by", OWN_LOAN.format("back_by")),
    "request_event_deputy": ("request_event", "INSERT", NO_DEPUTY),
}


def upgrade() -> None:
    op.add_column("reading_request", sa.Column("post_to", WORDS, nullable=False, server_default=""))
    for name, (table, moment, condition) in TRIGGERS.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'check_violation'; END IF; "
                "RETURN NEW; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )


def downgrade() -> None:
    for name, (table, _moment, _condition) in TRIGGERS.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_column("reading_request", "post_to")
