"""Refuses what another site lets a browser submit: the protection against cross-site request forgery.

The rule is that of Go's `http.CrossOriginProtection` (1.25). A browser says where a request comes from in
`Sec-Fetch-Site`; on plain http to another host than this machine it does not, but still sends `Origin`,
which must then be the host that was asked. A request without both is from no browser, or from one so old
that the session cookie's `SameSite` has to do; one that carries a session all the same is refused.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.letting_in import SESSION_COOKIE
from api.middleware import Answer
from api.problems import Problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SameSite:
    """Passes on what changes nothing, and what comes from this site's own pages or from no browser.

    Args:
        app: what answers.
        answer: makes the refusal.
    """

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["method"] not in SAFE:
            request = Request(scope)
            has_session = SESSION_COOKIE in request.cookies
            if not may_pass(Headers(scope=scope), has_session=has_session):
                await self._answer(request, Problem("cross-site"))(scope, receive, send)
                return
        await self._app(scope, receive, send)


def may_pass(headers: Headers, *, has_session: bool) -> bool:
    """Say whether a request that changes something may be served.

    Args:
        headers: of the request.
        has_session: whether it carries the cookie of a session.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return not has_session
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return host != "" and host.lower() == headers.get("host", "").lower()
