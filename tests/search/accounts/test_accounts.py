"""Accounts: who there is, which passwords are taken, and that somebody can always keep them."""

from __future__ import annotations

import pytest

from search.accounts.accounts import Account, AccountStore, clean_email
from search.accounts.errors import (
    AccountMissingError,
    EmailTakenError,
    LastAdminError,
    WeakPasswordError,
)
from search.accounts.passwords import (
    check_password,
    hash_password,
    new_password,
    verify_password,
)
from search.accounts.principal import Role
from search.records.database import Database
from search.records.errors import InvalidRecordError

PASSWORD = "correct horse battery staple"


def test_an_installation_is_open_until_the_first_account(database: Database) -> None:
    store = AccountStore(database)
    assert not store.are_there_any()
    with pytest.raises(LastAdminError):
        store.add("li@example.org", PASSWORD, Role.CANDIDATE)
    assert not store.are_there_any()
    store.add("admin@example.org", PASSWORD, Role.ADMIN)
    assert store.are_there_any() and store.has_admin()


def test_an_address_has_one_account_whatever_its_case(accounts: AccountStore) -> None:
    added = accounts.add(" Li@Example.ORG ", PASSWORD, Role.CANDIDATE, name="李 雷")
    assert accounts.find("li@example.org") == added == accounts.get(added.id)
    assert added.name == "李 雷"
    with pytest.raises(EmailTakenError):
        accounts.add("li@example.org", PASSWORD, Role.CANDIDATE)
    with pytest.raises(AccountMissingError):
        accounts.find("nobody@example.org")


@pytest.mark.parametrize(
    "text", ["", "li", "li@", "@x.y", "a b@x.y", "li@host", "a" * 250 + "@x.yz"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecordError, match="name@host"):
        clean_email(text)


def test_role_and_organisation_go_together(accounts: AccountStore) -> None:
    office = accounts.add_organisation("Talent office", "office")
    assert accounts.add_organisation(" Talent  office ", "office") == office
    with pytest.raises(InvalidRecordError, match="another name"):
        accounts.add_organisation("Talent office", "employer")
    for role, organisation in (
        (Role.EMPLOYER, None),
        (Role.EMPLOYER, office),
        (Role.ADMIN, office),
    ):
        with pytest.raises(InvalidRecordError):
            accounts.add("x@example.org", PASSWORD, role, organisation=organisation)
    officer = accounts.add("x@example.org", PASSWORD, Role.OFFICE, organisation=office)
    assert officer.principal.owner == office.id
    assert accounts.principal_of(office.id) is not None
    assert accounts.principal_of("nobody") is None


def test_there_is_always_an_administrator(accounts: AccountStore) -> None:
    admin = accounts.find("admin@example.org")
    for act in (
        lambda: accounts.disable(admin),
        lambda: accounts.remove(admin.id),
        lambda: accounts.set_role(admin, Role.CANDIDATE, None),
    ):
        with pytest.raises(LastAdminError):
            act()
    assert accounts.get(admin.id) == admin
    accounts.add("other@example.org", PASSWORD, Role.ADMIN)
    accounts.disable(admin)
    assert accounts.get(admin.id).disabled_at is not None
    accounts.enable(admin)
    assert accounts.get(admin.id).disabled_at is None


def test_who_is_disabled_cannot_sign_in(accounts: AccountStore, candidate: Account) -> None:
    assert accounts.kept_password(candidate.email) is not None
    accounts.disable(candidate)
    assert accounts.kept_password(candidate.email) is None
    assert accounts.principal_of(candidate.id) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "short"),
        ("a" * 300, "long"),
        ("password123", "common"),
        ("PASSWORD2026", "common"),
        ("qwertyuiop", "common"),
        ("12345678", "common"),
        ("aaaaaaaaaa", "common"),
        ("abcdefghij", "common"),
        ("abcabcabc", "common"),
        ("woaini1314", "common"),
        ("hello-zhangwei-1", "own_name"),
    ],
)
def test_a_weak_password_is_refused(password: str, reason: str) -> None:
    with pytest.raises(WeakPasswordError) as caught:
        check_password(password, Role.CANDIDATE, "zhangwei")
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "password", ["汉字也可以作为口令", "tr0ub4dor &3 ünïcode", "x" * 60 + "yz12"]
)
def test_any_characters_make_a_password(password: str) -> None:
    check_password(password, Role.CANDIDATE)
    assert verify_password(password, hash_password(password))
    assert not verify_password(password + "x", hash_password(password))


def test_staff_need_longer_passwords() -> None:
    check_password("nine-char", Role.CANDIDATE)
    for role in (Role.EMPLOYER, Role.OFFICE, Role.ADMIN):
        with pytest.raises(WeakPasswordError):
            check_password("nine-char", role)
        check_password(new_password(), role)


def test_nobodys_password_is_never_right() -> None:
    assert not verify_password("anything", None)
    assert not verify_password("x" * 10_000, None)


def test_passwords_are_kept_as_argon2_hashes(accounts: AccountStore, candidate: Account) -> None:
    found = accounts.kept_password(candidate.email)
    assert found is not None
    assert found[1].startswith("$argon2id$")
    assert PASSWORD not in found[1]
