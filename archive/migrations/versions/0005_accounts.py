"""Sessions, assignments, letters, attempts, recovery codes; what an account says of its person

Every archivist of before worked on the whole archive: that becomes a row, to be narrowed by an administrator.
Sessions of before end: they had no row.
"""

from typing import Any

from alembic import op
import sqlalchemy as sa
import archive.catalogue.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = archive.catalogue.base.Moment(timezone=True)

ACCOUNT: tuple[sa.Column[Any], ...] = (
    *(sa.Column(name, WORDS, nullable=False, server_default="") for name in ("full_name", "identification")),
    sa.Column("email", WORDS, nullable=True),
    *(sa.Column(name, WORDS, nullable=False, server_default="") for name in ("phone", "workplace")),
    sa.Column("created", MOMENT, nullable=True),
    sa.Column("totp_pending", WORDS, nullable=True),
    sa.Column("totp_step", WHOLE, nullable=True),
    sa.Column("openid", WORDS, nullable=True),
)
TOKEN: tuple[sa.Column[Any], ...] = (
    sa.Column("name", WORDS, nullable=False, server_default=""),
    sa.Column("scopes", WORDS, nullable=False, server_default="search read"),
    sa.Column("expires", MOMENT, nullable=True),
    sa.Column("last_used", MOMENT, nullable=True),
)


def upgrade() -> None:
    for column in ACCOUNT:
        op.add_column("account", column._copy())
    for name in ("email", "openid"):
        op.create_index(op.f(f"ix_account_{name}"), "account", [name], unique=True)
    for column in TOKEN:
        op.add_column("account_token", column._copy())
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("epoch", WORDS, nullable=False),
        sa.Column("means", WORDS, nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("device", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_account_session_digest")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"])
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("device", WORDS, nullable=False),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    for name in ("at", "name", "address"):
        op.create_index(op.f(f"ix_sign_in_attempt_{name}"), "sign_in_attempt", [name])
    op.create_table(
        "recovery_code",
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("used", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.Column("ended", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_account_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_assignment_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_account_id"), "assignment", ["account_id"])
    op.execute("INSERT INTO assignment (account_id, valid_from) SELECT id, 1 FROM account WHERE role = 'archivist'")
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("recipient", WORDS, nullable=False),
        sa.Column("language", WORDS, nullable=False),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("trouble", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    for name in ("recipient", "created", "due"):
        op.create_index(op.f(f"ix_letter_{name}"), "letter", [name])


def downgrade() -> None:
    for table in ("letter", "assignment", "recovery_code", "sign_in_attempt", "account_session"):
        op.drop_table(table)
    for name in ("email", "openid"):
        op.drop_index(op.f(f"ix_account_{name}"), "account")
    with op.batch_alter_table("account_token") as batch:
        for column in TOKEN:
            batch.drop_column(column.name)
    with op.batch_alter_table("account") as batch:
        for column in ACCOUNT:
            batch.drop_column(column.name)
