"""Who may see true counts: officers, whoever uses an installation without accounts, and the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.accounts.principal import Role, Scope, Standing

if TYPE_CHECKING:
    from api.access import Access


def require_officer(access: Access, scope: Scope = Scope.READ) -> None:
    """Make sure that the caller may see the audit.

    Raises:
        Problem: 401 or 403.
    """
    access.require(scope)
    if not is_officer(access):
        raise access.refusal()


def is_officer(access: Access) -> bool:
    """Say whether the caller is one of those who may see the audit."""
    who = access.who
    return who.standing in {Standing.OPEN, Standing.OPERATOR} or who.role is Role.OFFICE


def signature(access: Access) -> str:
    """Return what is kept of who did something: the account, or how they came to be let in."""
    return access.who.account_id or access.who.standing.value
