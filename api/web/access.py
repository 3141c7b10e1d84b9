"""Who asks for a page, and where they are sent to sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.responses import RedirectResponse

from api.access import Access
from api.letting_in import access_of
from api.problems import Phrase, Problem
from search.accounts.principal import Role

SIGN_IN = "/sign-in"
PASSWORD = "/account/password"

#: Where each comes to after signing in.
HOME: Mapping[Role, str] = {
    Role.CANDIDATE: "/me",
    Role.EMPLOYER: "/hr",
    Role.OFFICE: "/office",
    Role.ADMIN: "/admin",
}


class SendElsewhere(Exception):
    """The page is not for who asks, another one is.

    Args:
        address: of the other page, on this site.
    """

    def __init__(self, address: str) -> None:
        self.address = address


def _access(request: Request) -> Access:
    access = access_of(request)
    if access.who.must_change and request.url.path not in {PASSWORD, "/sign-out"}:
        raise SendElsewhere(PASSWORD)
    return access


AnyAccess = Annotated[Access, Depends(_access)]


def signed_in(access: Access, request: Request, *roles: Role) -> Access:
    """Return who asks, when they are signed in with one of the roles; any role where none is named.

    Raises:
        SendElsewhere: nobody is signed in; they come back here afterwards.
        Problem: 403, the page is for others.
    """
    if not access.who.is_signed_in:
        if access.who.is_open:
            raise Problem("forbidden", detail=Phrase("sign_in.open"))
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise SendElsewhere(f"{SIGN_IN}?next={quote(path, safe='')}")
    if roles and access.who.role not in roles:
        raise Problem("forbidden")
    return access


def may_bring_many(access: Access, request: Request) -> None:
    """Let in who has records of many: members of organisations, and whoever uses an open installation.

    Raises:
        SendElsewhere: nobody is signed in.
        Problem: 403.
    """
    if not access.who.is_open:
        signed_in(access, request, Role.EMPLOYER, Role.OFFICE)


def here(path: str, otherwise: str = "/") -> str:
    """Return an address of this site to go to next; anything that could lead elsewhere is dropped."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours and "\\" not in path else otherwise


def see_other(address: str) -> RedirectResponse:
    """Return what sends a browser on after a form was taken, so that reloading sends nothing twice."""
    return RedirectResponse(address, status_code=303)
