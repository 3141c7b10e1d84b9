"""Sessions: kept by the server, so that they end when it says so.

A session ends after `IDLE` without a request and `LONGEST` after sign-in (OWASP ASVS 5.0, 7.3), at
sign-out, and when the account is disabled or its password or role changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update

from search.accounts.accounts import AccountStore
from search.accounts.errors import AccountMissingError
from search.accounts.principal import Principal
from search.accounts.tokens import new_token, token_hash
from search.records.account_tables import SESSION
from search.records.database import Database

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: How old the note of the last request may be before it is written anew: not every read writes.
NOTED = timedelta(minutes=1)


class SessionStore:
    """Keeps sessions. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        accounts: whose sessions they are.
        now: the clock; a test may hold it.
    """

    def __init__(
        self,
        database: Database,
        accounts: AccountStore,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._now = now

    def begin(self, account_id: str) -> str:
        """Begin a session and return its token, which is kept nowhere; old ones are removed."""
        token, now = new_token(), self._now()
        with self._database.bookkeeping() as connection:
            connection.execute(
                delete(SESSION).where(
                    or_(SESSION.c.seen_at < now - IDLE, SESSION.c.created_at < now - LONGEST)
                )
            )
            connection.execute(
                insert(SESSION).values(
                    token_hash=token_hash(token),
                    account_id=account_id,
                    created_at=now,
                    seen_at=now,
                )
            )
        return token

    def principal(self, token: str) -> Principal | None:
        """Return who a token stands for, and note that they are still there; None when it ended."""
        kept, now = token_hash(token), self._now()
        with self._database.reading() as connection:
            row = connection.execute(select(SESSION).where(SESSION.c.token_hash == kept)).first()
        if row is None or row.seen_at < now - IDLE or row.created_at < now - LONGEST:
            return None
        try:
            account = self._accounts.get(row.account_id)
        except AccountMissingError:
            return None
        if account.disabled_at is not None:
            return None
        if row.seen_at < now - NOTED:
            with self._database.bookkeeping() as connection:
                connection.execute(
                    update(SESSION).where(SESSION.c.token_hash == kept).values(seen_at=now)
                )
        return account.principal

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.bookkeeping() as connection:
            connection.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash(token)))
