"""Indices of shortage that others published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "published_index",
        sa.Column("name", name(64), nullable=False),
        sa.Column("publisher", name(64), nullable=False),
        sa.Column("edition", name(32), nullable=False),
        sa.Column("title", name(64), nullable=False),
        sa.Column("role", sa.Integer, nullable=True),
        sa.Column("value", name(32), nullable=False),
        sa.Column("band", name(32), nullable=False),
        sa.Column("source", name(500), nullable=False),
        sa.Column("entered_by", name(26), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "publisher", "edition", "title", name="pk_published_index"),
    )


def downgrade() -> None:
    """Remove the table, and with it what was entered."""
    op.drop_table("published_index")


def name(length: int) -> sa.String:
    """Return the type of text that is compared and sorted: by code point (SQLite does)."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.String(length, collation="C") if is_postgresql else sa.String(length)
