"""Accounts and organisations, as they are stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from search.accounts.errors import (
    AccountMissingError,
    EmailTakenError,
    LastAdminError,
)
from search.accounts.passwords import check_password, hash_password
from search.accounts.principal import ORGANISED, Principal, Role, Standing
from search.records.account_tables import ACCOUNT, LONGEST_EMAIL, ORGANISATION, SESSION
from search.records.database import Database
from search.records.errors import InvalidRecordError
from search.records.identifiers import new_id

OrganisationKind = Literal["employer", "office"]

_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f.]+")


@dataclass(frozen=True)
class Organisation:
    """An employer, or an office."""

    id: str
    name: str
    kind: OrganisationKind


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in.

    Attributes:
        organisation: for whom they act; None for candidates and administrators.
        must_change: the password was set by somebody else and has to be changed first.
        disabled_at: since when they cannot sign in.
    """

    id: str
    email: str
    name: str
    role: Role
    organisation: Organisation | None
    must_change: bool
    created_at: datetime
    disabled_at: datetime | None

    @property
    def principal(self) -> Principal:
        """Who asks, when this account does."""
        organisation_id = self.organisation.id if self.organisation else ""
        return Principal(
            Standing.SIGNED_IN,
            owner=organisation_id or self.id,
            role=self.role,
            account_id=self.id,
            organisation_id=organisation_id,
            name=self.name,
            must_change=self.must_change,
        )


def clean_email(text: str) -> str:
    """Return an address as it is kept: without stray spaces, in lower case.

    Raises:
        InvalidRecordError: it is none.
    """
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        raise InvalidRecordError(
            "an account was to have an e-mail address; what was given is none. Write name@host.tld"
        )
    return email


class AccountStore:
    """Keeps accounts and organisations. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now
        self._are_there_any = False

    def are_there_any(self) -> bool:
        """Say whether there are accounts, so that the installation is not open."""
        if not self._are_there_any:
            with self._database.reading() as connection:
                row = connection.execute(select(ACCOUNT.c.id).limit(1)).first()
            self._are_there_any = row is not None
        return self._are_there_any

    def has_admin(self) -> bool:
        """Say whether somebody can keep the accounts."""
        with self._database.reading() as connection:
            return _admins(connection) > 0

    def add_organisation(self, name: str, kind: OrganisationKind) -> Organisation:
        """Add an organisation, or return the one of this name.

        Raises:
            InvalidRecordError: the name is blank, or of an organisation of the other kind.
        """
        name = " ".join(name.split())
        if not name or len(name) > 200:
            raise InvalidRecordError(
                "an organisation was to be added; its name must have 1 to 200 characters"
            )
        with self._database.writing() as connection:
            query = select(ORGANISATION).where(ORGANISATION.c.name == name)
            row = connection.execute(query).first()
            if row is not None:
                if row.kind != kind:
                    raise InvalidRecordError(
                        f"an {kind} was to be added; there is an {row.kind} of this name. Choose "
                        "another name"
                    )
                return Organisation(row.id, row.name, row.kind)
            made = Organisation(new_id(), name, kind)
            values = {**vars(made), "created_at": self._now()}
            connection.execute(insert(ORGANISATION).values(values))
        return made

    def organisations(self) -> tuple[Organisation, ...]:
        """Return all organisations in order of name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(ORGANISATION).order_by(ORGANISATION.c.name)).all()
        return tuple(Organisation(row.id, row.name, row.kind) for row in rows)

    def add(
        self,
        email: str,
        password: str,
        role: Role,
        *,
        name: str = "",
        organisation: Organisation | None = None,
        must_change: bool = False,
    ) -> Account:
        """Add an account.

        Args:
            email: what they sign in with.
            password: checked, and kept as a hash.
            role: what it is for.
            name: how they are called; by default what stands before the @.
            organisation: for whom they act; needed by employers' members and officers alone.
            must_change: whether the password has to be changed at the first sign-in.

        Raises:
            EmailTakenError: there is one with this address.
            WeakPasswordError: the password cannot be used.
            LastAdminError: it would be the first account, which must be an administrator's.
            InvalidRecordError: the address is none, or role and organisation do not go together.
        """
        email = clean_email(email)
        name = " ".join(name.split())[:200] or email.partition("@")[0]
        wanted = role.value if role in ORGANISED else None
        if (organisation.kind if organisation else None) != wanted:
            raise InvalidRecordError(
                f"an account with role {role.value!r} was to be added; "
                + (f"it needs an organisation of kind {wanted!r}" if wanted else "it has none")
            )
        check_password(password, role, name, email.partition("@")[0])
        values = {
            "id": new_id(),
            "email": email,
            "name": name,
            "role": role.value,
            "organisation_id": organisation.id if organisation else None,
            "password_hash": hash_password(password),
            "must_change": must_change,
            "created_at": self._now(),
            "disabled_at": None,
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(ACCOUNT).values(values))
                self._require_admin(connection)
        except IntegrityError:
            raise EmailTakenError from None
        return self.get(str(values["id"]))

    def get(self, account_id: str) -> Account:
        """Return an account.

        Raises:
            AccountMissingError: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute(_accounts().where(ACCOUNT.c.id == account_id)).first()
        if row is None:
            raise AccountMissingError("account", account_id)
        return _account(row)

    def principal_of(self, owner: str) -> Principal | None:
        """Return who an owner of records is; None for one that is gone or cannot sign in."""
        with self._database.reading() as connection:
            row = connection.execute(_accounts().where(ACCOUNT.c.id == owner)).first()
            if row is not None:
                return _account(row).principal if row.disabled_at is None else None
            query = select(ORGANISATION.c.kind).where(ORGANISATION.c.id == owner)
            kind = connection.execute(query).scalar()
        if kind is None:
            return None
        return Principal(Standing.SIGNED_IN, owner=owner, role=Role(kind), organisation_id=owner)

    def find(self, email: str) -> Account:
        """Return the account with an address.

        Raises:
            AccountMissingError: there is none.
        """
        with self._database.reading() as connection:
            query = _accounts().where(ACCOUNT.c.email == email.strip().lower())
            row = connection.execute(query).first()
        if row is None:
            raise AccountMissingError("account", email)
        return _account(row)

    def all(self) -> tuple[Account, ...]:
        """Return all accounts in order of address."""
        with self._database.reading() as connection:
            rows = connection.execute(_accounts().order_by(ACCOUNT.c.email)).all()
        return tuple(map(_account, rows))

    def kept_password(self, email: str) -> tuple[Account, str] | None:
        """Return the account with an address that may sign in, and what is kept of its password."""
        with self._database.reading() as connection:
            query = _accounts().where(
                ACCOUNT.c.email == email.strip().lower(), ACCOUNT.c.disabled_at.is_(None)
            )
            row = connection.execute(query).first()
        return None if row is None else (_account(row), row.password_hash)

    def set_password(self, account: Account, password: str, *, must_change: bool = False) -> None:
        """Set a password and end every session of the account.

        Raises:
            WeakPasswordError: it cannot be used.
            AccountMissingError: there is no such account (any more).
        """
        check_password(password, account.role, account.name, account.email.partition("@")[0])
        kept = hash_password(password)
        self._change(account.id, password_hash=kept, must_change=must_change)

    def set_role(self, account: Account, role: Role, organisation: Organisation | None) -> None:
        """Give an account another role; its sessions end.

        Raises:
            LastAdminError: nobody could keep the accounts then.
            InvalidRecordError: role and organisation do not go together.
        """
        wanted = role.value if role in ORGANISED else None
        if (organisation.kind if organisation else None) != wanted:
            raise InvalidRecordError(
                f"the role {role.value!r} was to be given; "
                + (f"it needs an organisation of kind {wanted!r}" if wanted else "it has none")
            )
        organisation_id = organisation.id if organisation else None
        self._change(account.id, role=role.value, organisation_id=organisation_id)

    def disable(self, account: Account) -> None:
        """Keep an account from signing in; its sessions end and its keys are refused.

        Raises:
            LastAdminError: nobody could keep the accounts then.
        """
        self._change(account.id, disabled_at=self._now())

    def enable(self, account: Account) -> None:
        """Let an account sign in again."""
        self._change(account.id, disabled_at=None)

    def remove(self, account_id: str) -> None:
        """Remove an account with its sessions and keys; its records are removed by `erase`.

        Raises:
            LastAdminError: nobody could keep the accounts then.
        """
        with self._database.writing() as connection:
            connection.execute(delete(ACCOUNT).where(ACCOUNT.c.id == account_id))
            self._require_admin(connection)

    def _change(self, account_id: str, **values: object) -> None:
        with self._database.writing() as connection:
            changed = connection.execute(
                update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(values)
            )
            if changed.rowcount == 0:
                raise AccountMissingError("account", account_id)
            connection.execute(delete(SESSION).where(SESSION.c.account_id == account_id))
            self._require_admin(connection)

    def _require_admin(self, connection: Connection) -> None:
        # An installation whose accounts are all gone must not turn into an open one.
        if _admins(connection) == 0:
            raise LastAdminError


def _admins(connection: Connection) -> int:
    query = (
        select(func.count())
        .select_from(ACCOUNT)
        .where(ACCOUNT.c.role == Role.ADMIN.value, ACCOUNT.c.disabled_at.is_(None))
    )
    return int(connection.execute(query).scalar_one())


def _accounts() -> Any:
    return select(
        ACCOUNT,
        ORGANISATION.c.name.label("organisation_name"),
        ORGANISATION.c.kind.label("organisation_kind"),
    ).select_from(ACCOUNT.outerjoin(ORGANISATION))


def _account(row: Row[Any]) -> Account:
    organisation = None
    if row.organisation_id is not None:
        organisation = Organisation(
            row.organisation_id, row.organisation_name, row.organisation_kind
        )
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        organisation=organisation,
        must_change=row.must_change,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
