"""How Alembic reaches the database: through the connection that ``store.migrate`` gives it."""

from alembic import context

from collector.store.schema import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Migrations are run with `ospo-vitals db upgrade`.")
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
