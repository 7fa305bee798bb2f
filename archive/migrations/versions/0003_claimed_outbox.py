"""Outbox rows are claimed; on PostgreSQL, texts compare by their bytes"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITIONS = (("outbox_cursor", "position"), ("dead_letter", "seq"))


def upgrade() -> None:
    _set_aside("outbox")
    op.create_table(
        "outbox",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("members", sa.Boolean(), nullable=False),
        sa.Column("seq", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_outbox_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("seq", name=op.f("uq_outbox_seq")),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO outbox (id, record_id, members, seq) SELECT seq, record_id, members, seq FROM outbox_old")
    op.drop_table("outbox_old")
    _set_aside("veto")
    op.create_table(
        "veto",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("record", WORDS, nullable=False),
        sa.Column("seq", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_veto")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_veto_record"), "veto", ["record"])
    op.create_index(op.f("ix_veto_seq"), "veto", ["seq"])
    op.execute("INSERT INTO veto (record, seq) SELECT record, seq FROM veto_old")
    op.drop_table("veto_old")
    op.create_table(
        "outbox_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_claim")),
    )
    op.execute(
        "INSERT INTO outbox_claim (id, seq) SELECT 1, max(n) FROM (SELECT 0 AS n UNION ALL SELECT seq FROM outbox "
        "UNION ALL SELECT seq FROM veto UNION ALL SELECT position FROM outbox_cursor) AS given"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('outbox', 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM outbox"
        )
        for table, column in POSITIONS:
            op.alter_column(table, column, type_=sa.BigInteger())
        _compare_by_bytes()


def downgrade() -> None:
    """Numbers what is not claimed yet: the older program knows only numbered rows."""
    _set_aside("outbox")
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("members", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_outbox_record_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO outbox (seq, record_id, members) SELECT coalesce(seq, (SELECT max(seq) FROM outbox_claim) + "
        "row_number() OVER (PARTITION BY seq IS NULL ORDER BY id)), record_id, members FROM outbox_old"
    )
    _set_aside("veto")
    op.create_table(
        "veto",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_veto")),
    )
    op.execute(
        "INSERT INTO veto (record, seq) SELECT record, max(coalesce(seq, (SELECT max(seq) FROM outbox_claim) + "
        "(SELECT count(*) FROM outbox_old WHERE outbox_old.seq IS NULL))) FROM veto_old GROUP BY record"
    )
    for table in ("outbox_old", "veto_old", "outbox_claim"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('outbox', 'seq'), greatest(max(seq), 1), max(seq) IS NOT NULL) "
            "FROM outbox"
        )
        for table, column in POSITIONS:
            op.alter_column(table, column, type_=sa.Integer())


def _set_aside(table: str) -> None:
    """Keeps the rows under another name while the table is made anew: constraints keep their names on PostgreSQL."""
    op.execute(f"CREATE TABLE {table}_old AS SELECT * FROM {table}")
    op.drop_table(table)


def _compare_by_bytes() -> None:
    rows = op.get_bind().execute(
        sa.text(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' "
            "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'"
        )
    )
    columns: dict[str, list[str]] = {}
    for table, column in rows:
        columns.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"')
    for table, changes in columns.items():
        op.execute(f'ALTER TABLE "{table}" {", ".join(changes)}')
