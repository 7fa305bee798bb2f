"""The audit trail is sealed in a chain; triggers keep sealed rows, but for the erasing of what they say"""

from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
PENDING = sa.text("place IS NULL")

#: An erasing takes away everything that can be, once, and touches nothing else.
ERASING = (
    "OLD.erased IS NULL AND NEW.erased IS NOT NULL AND OLD.action <> 'audit-erased' AND NEW.id = OLD.id "
    "AND NEW.at = OLD.at AND NEW.action = OLD.action AND NEW.place = OLD.place AND NEW.digest = OLD.digest "
    "AND NEW.chain = OLD.chain AND NEW.actor = '' AND NEW.record IS NULL AND NEW.ground = '' AND NEW.salt = '' "
    "AND {detail} = '{{}}'"
)
REFUSAL = "audit_event: sealed rows are kept"


def upgrade() -> None:
    for column in (
        sa.Column("ground", WORDS, nullable=False, server_default=""),
        sa.Column("place", WHOLE, nullable=True),
        sa.Column("salt", WORDS, nullable=False, server_default=""),
        sa.Column("digest", WORDS, nullable=False, server_default=""),
        sa.Column("chain", WORDS, nullable=False, server_default=""),
        sa.Column("erased", WHOLE, nullable=True),
    ):
        op.add_column("audit_event", column)
    with op.batch_alter_table("audit_event") as batch:
        for name in ("ground", "salt", "digest", "chain"):
            batch.alter_column(name, server_default=None)
        batch.create_unique_constraint(op.f("uq_audit_event_place"), ["place"])
    op.create_index("ix_audit_event_actor", "audit_event", ["actor", "id"])
    op.create_index("ix_audit_event_record", "audit_event", ["record", "id"])
    op.create_index(
        "ix_audit_event_unsealed", "audit_event", ["id"], sqlite_where=PENDING, postgresql_where=PENDING
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", WHOLE, nullable=False),
        sa.Column("chain", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.execute("INSERT INTO audit_head (id, place, chain) VALUES (1, 0, '')")
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    erasing = ERASING.format(detail="NEW.detail")
    op.execute(
        "CREATE TRIGGER audit_event_kept BEFORE UPDATE ON audit_event "
        f"WHEN OLD.place IS NOT NULL AND NOT ({erasing}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event "
        f"WHEN OLD.place IS NOT NULL BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _guard_postgres() -> None:
    erasing = ERASING.format(detail="NEW.detail::text")
    op.execute(
        "CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_kept BEFORE UPDATE ON audit_event FOR EACH ROW "
        f"WHEN (OLD.place IS NOT NULL AND NOT ({erasing})) EXECUTE FUNCTION audit_event_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event FOR EACH ROW "
        "WHEN (OLD.place IS NOT NULL) EXECUTE FUNCTION audit_event_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_whole BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT "
        "EXECUTE FUNCTION audit_event_refuse()"
    )


def downgrade() -> None:
    """Takes the chain away; the events stay."""
    if op.get_bind().dialect.name == "postgresql":
        for name in ("audit_event_kept", "audit_event_stays", "audit_event_whole"):
            op.execute(f"DROP TRIGGER {name} ON audit_event")
        op.execute("DROP FUNCTION audit_event_refuse()")
    else:
        for name in ("audit_event_kept", "audit_event_stays"):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("audit_head")
    for name in ("actor", "record", "unsealed"):
        op.drop_index(f"ix_audit_event_{name}", "audit_event")
    with op.batch_alter_table("audit_event") as batch:
        batch.drop_constraint(op.f("uq_audit_event_place"), type_="unique")
        for name in ("ground", "place", "salt", "digest", "chain", "erased"):
            batch.drop_column(name)
