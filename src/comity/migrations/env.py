"""Alembic's entry: runs the revisions on the connection that `comity.db.migrate` hands it."""

from alembic import context

from comity.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
