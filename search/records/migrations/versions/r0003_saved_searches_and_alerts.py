"""Saved searches and their alerts, and an index of the records by their last change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables and the index."""
    op.create_index("ix_record_sequence", "record", ["sequence"])
    op.create_table(
        "saved_search",
        sa.Column("id", name(26), nullable=False),
        sa.Column("owner", name(64), nullable=False),
        sa.Column("name", name(120), nullable=False),
        sa.Column("request", name(64), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("evaluated_upto", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("owner", "name", name="uq_saved_search_owner_name"),
        sa.UniqueConstraint("owner", "request", name="uq_saved_search_owner_request"),
    )
    op.create_index("ix_saved_search_owner_id", "saved_search", ["owner", "id"])
    op.create_table(
        "alert",
        sa.Column("search_id", name(26), nullable=False),
        sa.Column("record_id", name(26), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("search_id", "record_id", name="pk_alert"),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_search.id"], name="fk_alert_search_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name="fk_alert_record_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_alert_search_id_sequence", "alert", ["search_id", "sequence"])
    op.create_index("ix_alert_record_id", "alert", ["record_id"])


def downgrade() -> None:
    """Remove both tables, and with them every saved search."""
    op.drop_table("alert")
    op.drop_table("saved_search")
    op.drop_index("ix_record_sequence", "record")


def name(length: int) -> sa.String:
    """Return the type of text that is compared and sorted: by code point (SQLite does)."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.String(length, collation="C") if is_postgresql else sa.String(length)
