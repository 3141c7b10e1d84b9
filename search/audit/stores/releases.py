"""The ledger of what figures have left, in one row; whoever releases has it to themselves meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import insert, select, update

from search.audit.disclosure.ledger import ReleaseLedger
from search.audit.disclosure.ledger_file import ledger_as_json, ledger_from_json
from search.records.audit_tables import RELEASE_LEDGER
from search.records.database import Database

_ROW = 1
Made = TypeVar("Made")


class ReleaseStore:
    """Keeps the ledger. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def read(self) -> ReleaseLedger | None:
        """Return the ledger; None before the first release.

        Raises:
            DisclosureError: it is damaged: nothing may be released.
        """
        with self._database.reading() as connection:
            text = connection.execute(select(RELEASE_LEDGER.c.document)).scalar()
        return None if text is None else ledger_from_json(text)

    def release(self, act: Callable[[ReleaseLedger | None], tuple[Made, ReleaseLedger]]) -> Made:
        """Make a release and keep the ledger with it.

        The work is done outside of any transaction, since it can take seconds; when somebody else
        released meanwhile it is done again on their ledger.

        Args:
            act: given the ledger, makes the release and returns it with the next ledger.

        Raises:
            DisclosureError: the ledger is damaged, or refuses.
        """
        while True:
            with self._database.reading() as connection:
                before = connection.execute(select(RELEASE_LEDGER.c.document)).scalar()
            made, ledger = act(None if before is None else ledger_from_json(before))
            after = ledger_as_json(ledger)
            if after == before:
                return made
            with self._database.writing() as connection:
                now = connection.execute(select(RELEASE_LEDGER.c.document)).scalar()
                if now != before:
                    continue
                values = {"document": after, "changed_at": self._now()}
                connection.execute(
                    insert(RELEASE_LEDGER).values(id=_ROW, **values)
                    if before is None
                    else update(RELEASE_LEDGER).values(**values)
                )
            return made
