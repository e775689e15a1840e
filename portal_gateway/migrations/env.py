"""Runs the register's migrations on the connection that `database.migrate` gives."""

from alembic import context

from portal_gateway.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    # On SQLite too: a migration that fails half-way leaves nothing behind.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
