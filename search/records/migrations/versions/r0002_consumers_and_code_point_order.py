"""Who follows the outbox, up to where it was pruned, and names that sort alike everywhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Text that is compared and sorted.
NAMES = (
    ("record", "id", 26),
    ("record", "kind", 16),
    ("record", "owner", 64),
    ("record", "key", 64),
    ("record", "status", 16),
    ("outbox", "record_id", 26),
    ("outbox", "kind", 16),
    ("outbox", "operation", 8),
)


def upgrade() -> None:
    """Make both tables; on PostgreSQL, sort names by code point (SQLite does)."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    name = sa.String(64, collation="C") if is_postgresql else sa.String(64)
    op.create_table(
        "consumer",
        sa.Column("name", name, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_consumer"),
    )
    pruned = op.create_table(
        "pruned",
        sa.Column("upto", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("upto", name="pk_pruned"),
    )
    op.bulk_insert(pruned, [{"upto": 0}])
    if is_postgresql:
        collate("C")


def downgrade() -> None:
    """Forget the followers, and sort names as the database does by default."""
    op.drop_table("pruned")
    op.drop_table("consumer")
    if op.get_bind().dialect.name == "postgresql":
        collate("default")


def collate(collation: str) -> None:
    # One statement a table: each rebuilds the table's indexes.
    for table in ("record", "outbox"):
        columns = ", ".join(
            f'ALTER COLUMN {column} TYPE VARCHAR({length}) COLLATE "{collation}"'
            for owner, column, length in NAMES
            if owner == table
        )
        op.execute(f"ALTER TABLE {table} {columns}")
