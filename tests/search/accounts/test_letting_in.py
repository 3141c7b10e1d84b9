"""Sessions, API keys and sign-in: who is let in, for how long, and how often one may fail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from search.accounts.accounts import Account, AccountStore
from search.accounts.api_keys import ApiKeyStore
from search.accounts.errors import (
    AccountMissingError,
    TooManyAttemptsError,
    WrongPasswordError,
)
from search.accounts.principal import Scope
from search.accounts.sessions import SessionStore
from search.accounts.sign_in import TRIES, SignIn
from search.records.account_tables import API_KEY, LOGIN_ATTEMPT, SESSION
from search.records.database import Database
from search.records.errors import InvalidRecordError

PASSWORD = "correct horse battery staple"


@pytest.fixture
def sessions(database: Database, accounts: AccountStore, clock) -> SessionStore:
    return SessionStore(database, accounts, now=clock)


@pytest.fixture
def keys(database: Database, accounts: AccountStore, clock) -> ApiKeyStore:
    return ApiKeyStore(database, accounts, now=clock)


@pytest.fixture
def sign_in(database: Database, accounts: AccountStore, clock) -> SignIn:
    return SignIn(database, accounts, "a secret of the installation", now=clock)


def test_a_session_lasts_while_it_is_used_and_half_a_day_at_most(
    sessions: SessionStore, candidate: Account, clock
) -> None:
    token = sessions.begin(candidate.id)
    for _ in range(30):
        clock.forward(minutes=24)
        if clock.at.hour >= 20:
            break
        assert sessions.principal(token) == candidate.principal
    clock.forward(minutes=10)
    assert sessions.principal(token) is None


def test_an_idle_session_ends(sessions: SessionStore, candidate: Account, clock) -> None:
    token = sessions.begin(candidate.id)
    clock.forward(minutes=31)
    assert sessions.principal(token) is None


def test_sessions_end_with_what_they_rest_on(
    sessions: SessionStore, accounts: AccountStore, candidate: Account
) -> None:
    for end in (
        lambda token: sessions.end(token),
        lambda _: accounts.set_password(candidate, "another long password"),
        lambda _: accounts.disable(candidate),
    ):
        token = sessions.begin(candidate.id)
        accounts.enable(candidate)
        token = sessions.begin(candidate.id)
        assert sessions.principal(token) is not None
        end(token)
        assert sessions.principal(token) is None
    accounts.enable(candidate)
    token = sessions.begin(candidate.id)
    accounts.remove(candidate.id)
    assert sessions.principal(token) is None


def test_the_token_itself_is_kept_nowhere(
    sessions: SessionStore, database: Database, candidate: Account
) -> None:
    token = sessions.begin(candidate.id)
    with database.reading() as connection:
        rows = connection.execute(select(SESSION)).all()
    assert len(rows) == 1
    assert token not in str(rows[0])
    assert sessions.principal(token + "x") is None
    assert sessions.principal("\ud800") is None


def test_a_key_lets_in_for_its_scopes_until_it_is_revoked(
    keys: ApiKeyStore, database: Database, candidate: Account, employer: Account, clock
) -> None:
    made, whole = keys.add(candidate.id, "nightly job", [Scope.READ])
    who = keys.principal(whole)
    assert who is not None
    assert (who.account_id, who.scopes) == (candidate.id, frozenset({Scope.READ}))
    assert keys.of(candidate.id)[0].last_used_at == clock.at
    with database.reading() as connection:
        assert whole.rpartition("_")[2] not in str(connection.execute(select(API_KEY)).all())
    for other in (
        whole[:-1],
        whole + "x",
        whole.replace("bole_", "else_"),
        "",
        "bole__",
        "x" * 999,
    ):
        assert keys.principal(other) is None
    with pytest.raises(AccountMissingError):
        keys.revoke(employer.id, made.id)
    keys.revoke(candidate.id, made.id)
    assert keys.principal(whole) is None


def test_a_key_is_of_no_use_when_its_account_is_not(
    keys: ApiKeyStore, accounts: AccountStore, candidate: Account
) -> None:
    _, whole = keys.add(candidate.id, "a", Scope)
    accounts.disable(candidate)
    assert keys.principal(whole) is None
    accounts.enable(candidate)
    assert keys.principal(whole) is not None
    accounts.remove(candidate.id)
    assert keys.principal(whole) is None


def test_a_key_needs_a_name_and_a_scope(keys: ApiKeyStore, candidate: Account) -> None:
    for name, scopes in (("", [Scope.READ]), ("a", [])):
        with pytest.raises(InvalidRecordError):
            keys.add(candidate.id, name, scopes)


def test_signing_in(sign_in: SignIn, candidate: Account, database: Database) -> None:
    assert sign_in.account(" LI@example.org", PASSWORD) == candidate
    for email, password in (("li@example.org", "wrong"), ("no@example.org", PASSWORD), ("", "")):
        with pytest.raises(WrongPasswordError):
            sign_in.account(email, password)
    with database.reading() as connection:
        assert "example.org" not in str(connection.execute(select(LOGIN_ATTEMPT)).all())


def test_trying_is_slowed_down_and_locks_no_owner_out(
    sign_in: SignIn, candidate: Account, clock
) -> None:
    known = sign_in.device(candidate.email)
    for _ in range(TRIES):
        with pytest.raises(WrongPasswordError):
            sign_in.account(candidate.email, "wrong")
    for password in ["wrong"] * 30 + [PASSWORD]:
        with pytest.raises(TooManyAttemptsError) as caught:
            sign_in.account(candidate.email, password)
        assert 0 < caught.value.retry_after_s <= 900
    # The owner's own browser is counted by itself; nobody else's is.
    assert sign_in.account(candidate.email, PASSWORD, known) == candidate
    with pytest.raises(TooManyAttemptsError):
        sign_in.account(candidate.email, PASSWORD, sign_in.device("other@example.org"))
    clock.forward(minutes=16)
    assert sign_in.account(candidate.email, PASSWORD) == candidate


def test_an_address_without_account_is_slowed_down_alike(sign_in: SignIn, accounts) -> None:
    for _ in range(TRIES):
        with pytest.raises(WrongPasswordError):
            sign_in.account("nobody@example.org", "wrong")
    with pytest.raises(TooManyAttemptsError):
        sign_in.account("nobody@example.org", "wrong")
