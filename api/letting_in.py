"""Who a request is from: the key in its `Authorization` header, or the session in its cookie.

A key that is not good is refused, never taken for nobody: a program must not be answered as if it had asked
for less. A session that has ended is nobody's; pages then ask to sign in anew.
"""

from __future__ import annotations

from starlette.requests import Request

from api.access import Access
from api.assembly import Bole
from api.problems import Problem
from search.accounts.principal import ANONYMOUS, OPEN, Principal

#: The cookie that holds the token of a session. No `__Host-` prefix: browsers drop that on plain http,
#: which an intranet may have.
SESSION_COOKIE = "bole_session"
#: The cookie of a browser that has signed in before; see `search.accounts.sign_in`.
DEVICE_COOKIE = "bole_device"

_SCHEME = "bearer"
_KEY_AT_MOST = 200


def access_of(request: Request) -> Access:
    """Return what the sender of a request may do.

    Raises:
        Problem: 401, the key is not good (any more).
    """
    bole: Bole = request.app.state.bole
    return Access(bole, principal_of(request, bole))


def principal_of(request: Request, bole: Bole) -> Principal:
    """Return who a request is from.

    Raises:
        Problem: 401, the key is not good (any more).
    """
    known = getattr(request.state, "principal", None)
    if isinstance(known, Principal):
        return known
    who = _principal(request, bole)
    request.state.principal = who
    return who


def _principal(request: Request, bole: Bole) -> Principal:
    sent = request.headers.get("authorization")
    if sent is not None:
        scheme, _, key = sent.partition(" ")
        key = key.strip()
        found = None
        if scheme.lower() == _SCHEME and len(key) <= _KEY_AT_MOST:
            found = bole.api_keys.principal(key)
        if found is None:
            raise Problem("key-refused", headers={"WWW-Authenticate": 'Bearer realm="bole"'})
        return found
    if not bole.accounts.are_there_any():
        return OPEN
    token = request.cookies.get(SESSION_COOKIE, "")
    if token:
        found = bole.sessions.principal(token)
        if found is not None:
            return found
    return ANONYMOUS
