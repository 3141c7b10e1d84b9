"""The tables of the system of record, in terms that SQLite and PostgreSQL share.

`record` holds what was said; `outbox` holds one row a change, written in the same transaction, and
is what an index is kept equal by. The outbox carries no content: erasing a record leaves only the
fact, and the time, that something was erased. `consumer` holds one row an index, how far it has
followed the outbox; `pruned` holds the one number up to which outbox rows may have been removed.

`saved_search` holds questions that are asked again of what changes, `alert` what they found. An alert
goes with its record and with its search: the database itself sees to that, whatever removes them. (On
SQLite a migration that makes one of these tables anew has to keep the alerts by itself.)
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

#: Longest owner and key; a SHA-256 in hexadecimal fits.
LONGEST_NAME = 64
#: Longest title of a saved search, in characters.
LONGEST_TITLE = 120


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite would otherwise return it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring a moment to UTC before it is stored."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; moments are stored in UTC: pass one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a stored moment its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def sorted_text(length: int) -> String:
    """Return the type of text that is compared and sorted, by code point in both databases.

    PostgreSQL would otherwise sort as its locale does, so that pages end elsewhere, and an upgrade of
    the system's locales could leave its indexes in the wrong order.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


#: SQLite numbers rows by itself only where the column is a plain INTEGER.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")

RECORD = Table(
    "record",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("kind", sorted_text(16), nullable=False),
    Column("owner", sorted_text(LONGEST_NAME), nullable=False),
    Column("key", sorted_text(LONGEST_NAME), nullable=True),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("status", sorted_text(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # Rows without a key do not collide: NULLs are distinct in both databases.
    UniqueConstraint("owner", "kind", "key"),
    Index("ix_record_kind_id", "kind", "id"),
    Index("ix_record_owner_kind_id", "owner", "kind", "id"),
    # What changed since a saved search was last evaluated.
    Index("ix_record_sequence", "sequence"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("sequence", SEQUENCE, primary_key=True, autoincrement=True),
    Column("record_id", sorted_text(26), nullable=False),
    Column("kind", sorted_text(16), nullable=False),
    Column("operation", sorted_text(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # Without it SQLite would number a row anew after the last ones were removed, and an index
    # that has seen the old number would skip the change.
    sqlite_autoincrement=True,
)

CONSUMER = Table(
    "consumer",
    METADATA,
    Column("name", sorted_text(LONGEST_NAME), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

PRUNED = Table(
    "pruned",
    METADATA,
    Column("upto", BigInteger, primary_key=True, autoincrement=False),
)

SAVED_SEARCH = Table(
    "saved_search",
    METADATA,
    Column("id", sorted_text(26), primary_key=True),
    Column("owner", sorted_text(LONGEST_NAME), nullable=False),
    Column("name", sorted_text(LONGEST_TITLE), nullable=False),
    # What stands for the request that created it, so that it can be sent again.
    Column("request", sorted_text(LONGEST_NAME), nullable=True),
    Column("version", Integer, nullable=False),
    Column("criteria", JSON, nullable=False),
    Column("evaluated_upto", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("owner", "name"),
    UniqueConstraint("owner", "request"),
    Index("ix_saved_search_owner_id", "owner", "id"),
)

ALERT = Table(
    "alert",
    METADATA,
    Column("search_id", ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True),
    Column("record_id", ForeignKey("record.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("score", Float, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=True),
    Index("ix_alert_search_id_sequence", "search_id", "sequence"),
    # For the removal of a record.
    Index("ix_alert_record_id", "record_id"),
)
