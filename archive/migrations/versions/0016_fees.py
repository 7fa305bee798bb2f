"""Bills of requests, the ledger of what was paid, receipts, statements of the bank"""

from typing import Any

from alembic import op
import sqlalchemy as sa

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
REFUSED = "payment: rows are only added"


def _column(name: str, kind: Any, nullable: bool = False) -> Any:
    return sa.Column(name, kind, nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "bill",
        _column("id", sa.Integer()),
        _column("code", WORDS),
        _column("request_id", sa.Integer()),
        _column("total", WHOLE),
        _column("reduction", WHOLE),
        _column("payer_class", WORDS),
        _column("ground", WORDS),
        _column("state", WORDS),
        _column("made_at", MOMENT),
        _column("due_on", sa.Integer()),
        _column("paid_at", MOMENT, True),
        _column("version", sa.Integer()),
        _to("bill", "request_id", "reading_request"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("code", name=op.f("uq_bill_code")),
        sa.UniqueConstraint("request_id", name=op.f("uq_bill_request_id")),
    )
    op.create_index(op.f("ix_bill_state"), "bill", ["state"])
    op.create_table(
        "bill_line",
        _column("bill_id", sa.Integer()),
        _column("n", sa.Integer()),
        _column("item", WORDS),
        _column("unit", WORDS),
        _column("count", sa.Integer()),
        _column("price", WHOLE),
        _column("amount", WHOLE),
        _column("basis", WORDS),
        _column("sure", WORDS),
        _to("bill_line", "bill_id", "bill"),
        sa.PrimaryKeyConstraint("bill_id", "n", name=op.f("pk_bill_line")),
    )
    op.create_table(
        "payment",
        _column("id", sa.Integer()),
        _column("bill_id", sa.Integer()),
        _column("way", WORDS),
        _column("amount", WHOLE),
        _column("outside", WORDS),
        _column("at", MOMENT),
        _column("actor", WORDS),
        _column("note", WORDS),
        _to("payment", "bill_id", "bill"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("way", "outside", name=op.f("uq_payment_way_outside")),
    )
    op.create_index(op.f("ix_payment_bill_id"), "payment", ["bill_id"])
    op.create_index(op.f("ix_payment_outside"), "payment", ["outside"])
    op.create_table(
        "unmatched_money",
        _column("id", sa.Integer()),
        _column("way", WORDS),
        _column("outside", WORDS),
        _column("amount", WHOLE),
        _column("told", WORDS),
        _column("bill_id", sa.Integer(), True),
        _column("reason", WORDS),
        _column("at", MOMENT),
        _column("state", WORDS),
        _column("payment_id", sa.Integer(), True),
        _column("resolved_by", WORDS),
        _column("resolved_at", MOMENT, True),
        _column("note", WORDS),
        _column("version", sa.Integer()),
        _to("unmatched_money", "bill_id", "bill"),
        _to("unmatched_money", "payment_id", "payment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_money")),
        sa.UniqueConstraint("way", "outside", name=op.f("uq_unmatched_money_way_outside")),
    )
    op.create_index(op.f("ix_unmatched_money_bill_id"), "unmatched_money", ["bill_id"])
    op.create_index(op.f("ix_unmatched_money_outside"), "unmatched_money", ["outside"])
    op.create_index(op.f("ix_unmatched_money_state"), "unmatched_money", ["state"])
    op.create_table(
        "statement_line",
        _column("id", sa.Integer()),
        _column("outside", WORDS),
        _column("day", sa.Integer()),
        _column("amount", WHOLE),
        _column("told", WORDS),
        _column("payment_id", sa.Integer(), True),
        _column("unmatched_id", sa.Integer(), True),
        _column("read_at", MOMENT),
        _to("statement_line", "payment_id", "payment"),
        _to("statement_line", "unmatched_id", "unmatched_money"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint("outside", name=op.f("uq_statement_line_outside")),
    )
    for column in ("day", "payment_id", "unmatched_id"):
        op.create_index(op.f(f"ix_statement_line_{column}"), "statement_line", [column])
    op.create_table(
        "receipt_year",
        _column("year", sa.Integer()),
        _column("last", sa.Integer()),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_receipt_year")),
    )
    op.create_table(
        "receipt",
        _column("id", sa.Integer()),
        _column("year", sa.Integer()),
        _column("number", sa.Integer()),
        _column("bill_id", sa.Integer()),
        _column("amount", WHOLE),
        _column("issued_at", MOMENT),
        _column("actor", WORDS),
        _to("receipt", "bill_id", "bill"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_receipt_year_number")),
        sa.UniqueConstraint("bill_id", name=op.f("uq_receipt_bill_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION payment_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER payment_kept BEFORE UPDATE OR DELETE ON payment FOR EACH ROW "
            "EXECUTE FUNCTION payment_refuse()"
        )
    else:
        for name, act in (("payment_kept", "UPDATE"), ("payment_stays", "DELETE")):
            op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON payment BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")


def downgrade() -> None:
    for table in ("receipt", "receipt_year", "statement_line", "unmatched_money", "payment", "bill_line", "bill"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION payment_refuse()")
