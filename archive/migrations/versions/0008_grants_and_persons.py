"""A grant says for what purpose and whether it may be copied; records closed for the sake of a person named in them"""

from alembic import op
import sqlalchemy as sa

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("grant", sa.Column("purpose", WORDS, nullable=False, server_default=""))
    op.add_column("grant", sa.Column("copying", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("record", sa.Column("named_opens_on", sa.Integer(), nullable=True))
    op.create_table(
        "person_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("died_on", sa.Integer(), nullable=True),
        sa.Column("opens_on", sa.Integer(), nullable=False),
        sa.Column("ground", WORDS, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_person_closure_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_closure")),
    )
    op.create_index("ix_person_closure_record_id", "person_closure", ["record_id"])


def downgrade() -> None:
    """What was closed for a person stays closed: the records keep the access that followed from it."""
    op.drop_table("person_closure")
    op.drop_column("record", "named_opens_on")  # not in a batch: other tables point to these rows
    op.drop_column("grant", "copying")
    op.drop_column("grant", "purpose")
