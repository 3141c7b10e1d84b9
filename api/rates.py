"""How many requests one party may send, by kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """Most requests of one party, by kind; 0 sets no limit.

    Attributes:
        searches: searches and matches, and pages that show some, a minute.
        writes: changes of records and of what else is stored, a minute.
        uploads: files sent in, an hour.
        exports: files fetched, an hour.
        logins: attempts to log in, a minute.
        requests: all together, files of the pages and health not counted, a minute.
    """

    searches: int = 600
    writes: int = 600
    uploads: int = 120
    exports: int = 60
    logins: int = 20
    requests: int = 3000
