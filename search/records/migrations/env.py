"""Alembic's environment: runs on the connection that `migrate_within` hands over."""

from __future__ import annotations

from alembic import context

from search.records import account_tables, audit_tables, tables

# Importing them fills the metadata.
assert account_tables.ACCOUNT.metadata is tables.METADATA
assert audit_tables.OUTCOME.metadata is tables.METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    # SQLite can undo DDL like PostgreSQL; Alembic does not count on it unless told.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
