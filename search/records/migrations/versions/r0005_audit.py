"""What a talent office counts, plans and publishes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "outcome",
        sa.Column("vacancy_id", name(26), nullable=False),
        sa.Column("candidate_id", name(26), nullable=False),
        sa.Column("stage", name(16), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("recorded_by", name(26), nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("vacancy_id", "candidate_id", "stage", name="pk_outcome"),
        of_record("outcome", "vacancy_id"),
        of_record("outcome", "candidate_id"),
    )
    op.create_index("ix_outcome_candidate_id", "outcome", ["candidate_id"])
    op.create_table(
        "search_event",
        sa.Column("id", number, nullable=False, autoincrement=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("target", name(16), nullable=False),
        sa.Column("role", sa.Integer, nullable=True),
        sa.Column("region", name(6), nullable=True),
        sa.Column("result_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_event_day", "search_event", ["day"])
    op.create_table(
        "audit_snapshot",
        sa.Column("id", name(26), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", name(26), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("period_end", sa.Date, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("digest", name(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_snapshot"),
    )
    op.create_index("ix_audit_snapshot_as_of", "audit_snapshot", ["as_of"])
    op.create_table(
        "indicator_actual",
        sa.Column("indicator", name(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("source", name(16), nullable=False),
        sa.Column("value", name(40), nullable=False),
        sa.Column("unit", name(32), nullable=False),
        sa.Column("entered_by", name(26), nullable=False),
        sa.Column("note", name(500), nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("indicator", "day", "source", name="pk_indicator_actual"),
    )
    op.create_table(
        "declaration",
        sa.Column("id", name(26), nullable=False),
        sa.Column("owner", name(64), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("answer", name(500), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_declaration"),
    )
    op.create_index("ix_declaration_owner_id", "declaration", ["owner", "id"])
    op.create_index("ix_declaration_state_id", "declaration", ["state", "id"])
    op.create_table(
        "catalogue_edition",
        sa.Column("id", name(64), nullable=False),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("published_at", moment, nullable=False),
        sa.Column("published_by", name(26), nullable=False),
        sa.PrimaryKeyConstraint("id", "start", name="pk_catalogue_edition"),
    )
    op.create_table(
        "release_ledger",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_release_ledger"),
    )


def downgrade() -> None:
    """Remove the tables, and with them every snapshot and the ledger of releases."""
    for table in (
        "release_ledger",
        "catalogue_edition",
        "declaration",
        "indicator_actual",
        "audit_snapshot",
        "search_event",
        "outcome",
    ):
        op.drop_table(table)


def of_record(table: str, column: str) -> sa.ForeignKeyConstraint:
    """Return what lets a row go with a record."""
    return sa.ForeignKeyConstraint(
        [column], ["record.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def name(length: int) -> sa.String:
    """Return the type of text that is compared and sorted: by code point (SQLite does)."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.String(length, collation="C") if is_postgresql else sa.String(length)
