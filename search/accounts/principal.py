"""Who asks, as everything that decides by it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    CANDIDATE = "candidate"
    EMPLOYER = "employer"
    OFFICE = "office"
    ADMIN = "admin"


#: Roles whose members act for an organisation.
ORGANISED = frozenset({Role.EMPLOYER, Role.OFFICE})


class Scope(StrEnum):
    """What an API key may be used for."""

    READ = "read"
    WRITE = "write"
    EXPORT = "export"


class Standing(StrEnum):
    """How somebody came to be let in.

    `OPEN`: an installation without accounts, where everything belongs to everybody on this machine;
    `ANONYMOUS`: nobody is signed in; `OPERATOR`: the command on the machine that holds the records;
    `SIGNED_IN`: an account.
    """

    OPEN = "open"
    ANONYMOUS = "anonymous"
    OPERATOR = "operator"
    SIGNED_IN = "signed-in"


#: Whose the records of an installation without accounts are.
PUBLIC_OWNER = "public"


@dataclass(frozen=True)
class Principal:
    """Who asks.

    Attributes:
        standing: how they came to be let in.
        owner: whose the records that they add are; "" for who cannot add any.
        role: of the account.
        account_id: of the account, "" without one.
        organisation_id: for whom they act, "" for themselves.
        name: as the account says.
        scopes: what they may do: all of it, or what an API key was given.
        must_change: the password was set by somebody else and has to be changed first.
    """

    standing: Standing
    owner: str = ""
    role: Role | None = None
    account_id: str = ""
    organisation_id: str = ""
    name: str = ""
    scopes: frozenset[Scope] = frozenset(Scope)
    must_change: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether there is an account."""
        return self.standing is Standing.SIGNED_IN

    @property
    def is_open(self) -> bool:
        """Whether the installation has no accounts."""
        return self.standing is Standing.OPEN


OPEN = Principal(Standing.OPEN, PUBLIC_OWNER)
ANONYMOUS = Principal(Standing.ANONYMOUS)
OPERATOR = Principal(Standing.OPERATOR, PUBLIC_OWNER)
