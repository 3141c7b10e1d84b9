"""The tables of what a talent office counts, plans and publishes.

`outcome` says what came of an application; it goes with the vacancy and with the person, whatever removes
them. `search_event` says that somebody searched for a role in a place and how much was found: no words, no
account, no time of day. `audit_snapshot` holds frozen figures: counts and hashes, and of records only the
ids of vacancies. `release_ledger` is the one row that says what of the figures has left; it holds true
counts and stays inside.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from search.records.tables import LONGEST_NAME, METADATA, SEQUENCE, UtcDateTime, sorted_text

#: Longest note beside a figure, and longest reason with a decision.
LONGEST_NOTE = 500

OUTCOME = Table(
    "outcome",
    METADATA,
    Column("vacancy_id", ForeignKey("record.id", ondelete="CASCADE"), primary_key=True),
    Column("candidate_id", ForeignKey("record.id", ondelete="CASCADE"), primary_key=True),
    Column("stage", sorted_text(16), primary_key=True),
    Column("day", Date, nullable=False),
    Column("recorded_by", sorted_text(26), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    # For the removal of a person.
    Index("ix_outcome_candidate_id", "candidate_id"),
)

SEARCH_EVENT = Table(
    "search_event",
    METADATA,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("target", sorted_text(16), nullable=False),
    Column("role", Integer, nullable=True),
    Column("region", sorted_text(6), nullable=True),
    Column("result_count", Integer, nullable=False),
    Index("ix_search_event_day", "day"),
    sqlite_autoincrement=True,
)

AUDIT_SNAPSHOT = Table(
    "audit_snapshot",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", sorted_text(26), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("document", Text, nullable=False),
    Column("digest", sorted_text(LONGEST_NAME), nullable=False),
    Index("ix_audit_snapshot_as_of", "as_of"),
)

INDICATOR_ACTUAL = Table(
    "indicator_actual",
    METADATA,
    Column("indicator", sorted_text(LONGEST_NAME), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("source", sorted_text(16), primary_key=True),
    # As text: a decimal figure comes back as it was entered.
    Column("value", sorted_text(40), nullable=False),
    Column("unit", sorted_text(32), nullable=False),
    Column("entered_by", sorted_text(26), nullable=False),
    Column("note", sorted_text(LONGEST_NOTE), nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
)

PUBLISHED_INDEX = Table(
    "published_index",
    METADATA,
    Column("name", sorted_text(LONGEST_NAME), primary_key=True),
    Column("publisher", sorted_text(LONGEST_NAME), primary_key=True),
    Column("edition", sorted_text(32), primary_key=True),
    Column("title", sorted_text(LONGEST_NAME), primary_key=True),
    Column("role", Integer, nullable=True),
    Column("value", sorted_text(32), nullable=False),
    Column("band", sorted_text(32), nullable=False),
    Column("source", sorted_text(LONGEST_NOTE), nullable=False),
    Column("entered_by", sorted_text(26), nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
)

DECLARATION = Table(
    "declaration",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("owner", sorted_text(LONGEST_NAME), nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", sorted_text(16), nullable=False),
    Column("answer", sorted_text(LONGEST_NOTE), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime, nullable=True),
    Column("answered_at", UtcDateTime, nullable=True),
    Index("ix_declaration_owner_id", "owner", "id"),
    Index("ix_declaration_state_id", "state", "id"),
)

CATALOGUE_EDITION = Table(
    "catalogue_edition",
    METADATA,
    Column("id", sorted_text(LONGEST_NAME), primary_key=True),
    Column("start", Date, primary_key=True),
    Column("document", JSON, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_by", sorted_text(26), nullable=False),
)

RELEASE_LEDGER = Table(
    "release_ledger",
    METADATA,
    # The one row there is.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
