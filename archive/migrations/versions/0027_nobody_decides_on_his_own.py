"""Nobody of the staff acts on a request of his own: the steps know which are the asker's, and triggers refuse others"""

from alembic import op
import sqlalchemy as sa

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: What who asked does himself: sends, withdraws, answers what he was asked, takes what came of it.
OWN = (
    ("", "received"),
    ("supplement", "processing"),
    ("received", "withdrawn"),
    ("processing", "withdrawn"),
    ("supplement", "withdrawn"),
    ("payment", "withdrawn"),
    ("resolved", "returned"),
)
REFUSED = "nobody of the staff acts on a request of his own"
ASKED_BY = (
    "SELECT 1 FROM reading_request JOIN account ON account.id = reading_request.account_id "
    "WHERE reading_request.id = NEW.request_id AND account.name = NEW.actor"
)
NOT_OWN = (
    'AND NOT EXISTS (SELECT 1 FROM request_step WHERE request_step."before" = NEW."before" '
    'AND request_step."after" = NEW."after" AND request_step.own)'
)
CONDITIONS = {"request_event": f"EXISTS ({ASKED_BY}) {NOT_OWN}", "request_consent": f"EXISTS ({ASKED_BY})"}


def upgrade() -> None:
    op.add_column("request_step", sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.false()))
    steps = sa.table("request_step", sa.column("before"), sa.column("after"), sa.column("own", sa.Boolean()))
    for before, after in OWN:
        op.execute(steps.update().where(steps.c.before == before, steps.c.after == after).values(own=True))
    for table, condition in CONDITIONS.items():
        name = f"{table}_not_own"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'check_violation'; END IF; "
                "RETURN NEW; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )


def downgrade() -> None:
    for table in CONDITIONS:
        name = f"{table}_not_own"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_column("request_step", "own")
