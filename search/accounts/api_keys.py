"""API keys: how a program is let in on behalf of an account, for what the key's scopes allow.

A key reads `bole_<id>_<secret>`: the id finds the row, of the secret only the hash is kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from search.accounts.accounts import AccountStore
from search.accounts.errors import AccountMissingError
from search.accounts.principal import Principal, Scope
from search.accounts.tokens import new_token, token_hash
from search.records.account_tables import API_KEY
from search.records.database import Database
from search.records.errors import InvalidRecordError
from search.records.identifiers import is_id, new_id

PREFIX = "bole"
#: How old the note of the last use may be before it is written anew.
NOTED = timedelta(minutes=1)


@dataclass(frozen=True)
class ApiKey:
    """A key, without its secret."""

    id: str
    account_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class ApiKeyStore:
    """Keeps API keys. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        accounts: whose keys they are.
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

    def add(self, account_id: str, name: str, scopes: Iterable[Scope]) -> tuple[ApiKey, str]:
        """Make a key; return it, and the whole of it to be shown once.

        Raises:
            InvalidRecordError: it has no name or no scope.
        """
        name, granted = " ".join(name.split())[:200], frozenset(scopes)
        if not name or not granted:
            raise InvalidRecordError(
                "an API key was to be made; it needs a name and at least one scope"
            )
        secret = new_token()
        made = ApiKey(new_id(), account_id, name, granted, self._now(), None, None)
        values = {
            **vars(made),
            "scopes": sorted(granted),
            "secret_hash": token_hash(secret),
        }
        with self._database.writing() as connection:
            connection.execute(insert(API_KEY).values(values))
        return made, f"{PREFIX}_{made.id}_{secret}"

    def of(self, account_id: str) -> tuple[ApiKey, ...]:
        """Return the keys of an account, oldest first."""
        query = select(API_KEY).where(API_KEY.c.account_id == account_id).order_by(API_KEY.c.id)
        with self._database.reading() as connection:
            return tuple(map(_key, connection.execute(query).all()))

    def revoke(self, account_id: str, key_id: str) -> None:
        """Refuse a key from now on.

        Raises:
            AccountMissingError: the account has no such key.
        """
        with self._database.writing() as connection:
            changed = connection.execute(
                update(API_KEY)
                .where(API_KEY.c.id == key_id, API_KEY.c.account_id == account_id)
                .values(revoked_at=self._now())
            )
        if changed.rowcount == 0:
            raise AccountMissingError("API key", key_id)

    def principal(self, key: str) -> Principal | None:
        """Return who a key stands for, and note that it was used; None when it is refused."""
        prefix, _, rest = key.partition("_")
        key_id, _, secret = rest.partition("_")
        if prefix != PREFIX or not is_id(key_id):
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(API_KEY).where(API_KEY.c.id == key_id)).first()
        if row is None or row.revoked_at is not None:
            return None
        if not hmac.compare_digest(row.secret_hash, token_hash(secret)):
            return None
        try:
            account = self._accounts.get(row.account_id)
        except AccountMissingError:
            return None
        if account.disabled_at is not None or account.must_change:
            return None
        now = self._now()
        if row.last_used_at is None or row.last_used_at < now - NOTED:
            with self._database.bookkeeping() as connection:
                connection.execute(
                    update(API_KEY).where(API_KEY.c.id == key_id).values(last_used_at=now)
                )
        return replace(account.principal, scopes=_scopes(row.scopes))


def _scopes(stored: Iterable[str]) -> frozenset[Scope]:
    return frozenset(scope for scope in Scope if scope.value in set(stored))


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        row.id,
        row.account_id,
        row.name,
        _scopes(row.scopes),
        row.created_at,
        row.last_used_at,
        row.revoked_at,
    )
