"""Numbers of changes after a restore: beyond all that any index can have seen.

Restored records are older than an index that went on since; numbers that it has seen would be given
out a second time, and what they stand for would never reach it. So the numbers go on far beyond,
and the outbox says that what lies between is gone: every index there is has to be built anew, which
whoever keeps it sees at its start.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, text, update

from search.records.outbox import last_sequence
from search.records.tables import CONSUMER, OUTBOX, PRUNED

#: More changes than there are between two backups; 64 bits hold billions of such steps.
STEP = 1_000_000_000


def leave_indexes_behind(connection: Connection) -> int:
    """Begin the numbers of changes anew beyond all that were used, and return where they are.

    Args:
        connection: writing; the tables are in their present form.
    """
    beyond = last_sequence(connection) + STEP
    connection.execute(delete(OUTBOX))
    connection.execute(delete(CONSUMER))
    connection.execute(update(PRUNED).values(upto=beyond))
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence('outbox', 'sequence'), :last)"),
            {"last": beyond},
        )
    else:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = 'outbox'"))
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', :last)"),
            {"last": beyond},
        )
    return beyond
