"""Accounts over a database, and a clock that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from search.accounts.accounts import Account, AccountStore
from search.accounts.principal import Role
from search.records.database import Database

PASSWORD = "correct horse battery staple"


@dataclass
class Clock:
    """Tells the time that it was set to."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 30, 8, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> AccountStore:
    store = AccountStore(database, now=clock)
    store.add("admin@example.org", PASSWORD, Role.ADMIN)
    return store


@pytest.fixture
def candidate(accounts: AccountStore) -> Account:
    return accounts.add("li@example.org", PASSWORD, Role.CANDIDATE, name="Li")


@pytest.fixture
def employer(accounts: AccountStore) -> Account:
    organisation = accounts.add_organisation("Acme", "employer")
    return accounts.add("hr@example.org", PASSWORD, Role.EMPLOYER, organisation=organisation)
