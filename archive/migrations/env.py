"""Alembic's entry: runs the migrations on the connection that archive.schema hands over."""

from alembic import context

from archive.catalogue.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,  # SQLite, too: our engine begins its transactions itself
)
with context.begin_transaction():
    context.run_migrations()
