"""Signing in, and how often it may fail.

A wrong password counts against the address of the account, whether there is one or not, and whoever
sends it: `TRIES` within `WINDOW`, then the next is refused before it is looked at. So that nobody can
lock an owner out by trying, a browser that has signed in before carries a token of its own (a "device
cookie", as OWASP describes it) and is counted by that.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select

from search.accounts.accounts import Account, AccountStore
from search.accounts.errors import TooManyAttemptsError, WrongPasswordError
from search.accounts.passwords import verify_password
from search.records.account_tables import LOGIN_ATTEMPT
from search.records.database import Database

#: Passwords that may be wrong within the window (OWASP ASVS 5.0, 6.3.1).
TRIES = 10
WINDOW = timedelta(minutes=15)


class SignIn:
    """Lets people in. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        accounts: who there is.
        secret: of the installation; signs what known browsers carry.
        now: the clock; a test may hold it.
    """

    def __init__(
        self,
        database: Database,
        accounts: AccountStore,
        secret: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._secret = secret.encode()
        self._now = now

    def account(self, email: str, password: str, device: str = "") -> Account:
        """Return the account with an address and a password.

        Args:
            email: as typed.
            password: as typed.
            device: what the browser carries from an earlier sign-in, or "".

        Raises:
            TooManyAttemptsError: too many were wrong; this one was not looked at.
            WrongPasswordError: no account has both.
        """
        email = email.strip().lower()
        is_known = hmac.compare_digest(device.encode(), self.device(email).encode())
        subject = self._signed("device" if is_known else "address", email)
        # Counted before it is looked at: many at once must not slip through together.
        attempt = self._count(subject)
        kept = self._accounts.kept_password(email)
        if not verify_password(password, kept[1] if kept else None) or kept is None:
            raise WrongPasswordError
        with self._database.bookkeeping() as connection:
            connection.execute(delete(LOGIN_ATTEMPT).where(LOGIN_ATTEMPT.c.id == attempt))
        return kept[0]

    def device(self, email: str) -> str:
        """Return what a browser carries from a sign-in with an address."""
        return self._signed("carried", email.strip().lower())

    def _count(self, subject: str) -> int:
        now = self._now()
        with self._database.writing() as connection:
            connection.execute(delete(LOGIN_ATTEMPT).where(LOGIN_ATTEMPT.c.at < now - WINDOW))
            query = select(LOGIN_ATTEMPT.c.at).where(LOGIN_ATTEMPT.c.subject == subject)
            earlier = sorted(connection.execute(query).scalars())
            if len(earlier) >= TRIES:
                left = (earlier[-TRIES] + WINDOW - now).total_seconds()
                raise TooManyAttemptsError(max(math.ceil(left), 1))
            added = connection.execute(
                insert(LOGIN_ATTEMPT).values(subject=subject, at=now).returning(LOGIN_ATTEMPT.c.id)
            )
            return int(added.scalar_one())

    def _signed(self, purpose: str, email: str) -> str:
        said = f"{purpose}\0{email}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()
