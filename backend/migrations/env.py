"""Runs migrations under time limits, so that a deploy can never hold the wards' database."""

from alembic import context
from sqlalchemy import create_engine, text

config = context.config

# Four seconds to get a lock, five for a statement: a migration that needs more must be cut smaller.
LIMITS = "-c lock_timeout=4s -c statement_timeout=5s -c timezone=UTC"

engine = create_engine(
    config.attributes["url"],
    connect_args={"application_name": "alongside-migrate", "options": LIMITS},
)
with engine.connect() as connection:
    # Two migrators at once (two nodes starting) take turns; the second finds nothing to do.
    connection.execute(text("select pg_advisory_lock(7041001)"))
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("select pg_advisory_unlock(7041001)"))
    connection.commit()
engine.dispose()
