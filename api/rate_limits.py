"""How many requests one party may send: by kind of request, in a window that moves along.

Refusals are problems (429) with `Retry-After` (RFC 6585, section 4); every counted answer says what
is left, in the fields of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` with quota `q`
in a window of `w` seconds, `RateLimit` with `r` remaining and `t` seconds until one is free again.

Each process counts for itself: with several workers a party may send so many to each.
"""

from __future__ import annotations

import ipaddress
import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem
from api.rate_memory import BoundedMemory
from api.rates import Rates

Answer = Callable[[Request, Problem], Response]
#: Says who sent a request; "" is not counted.
Who = Callable[[Scope], str]

#: Kinds of requests that are counted.
KINDS = frozenset({"searches", "writes", "uploads", "exports", "logins", "requests"})

_MINUTE, _HOUR = 60, 3600
_READS = frozenset({"GET", "HEAD", "OPTIONS"})

# What watches a server must be answered whatever others send; static files cost nearly nothing.
_FREE = re.compile(r"/static/.*|/metrics|/v1/(health|ready)")
_LOGINS = re.compile(r"/(sign-in|register|account/password)")
_UPLOADS = re.compile(
    r"/(v1/)?imports|/v1/read/[a-z]+|/me/resume|/hr/vacancies/file|/declarations/file|/audit/targets/file"
    r"|/audit/published"
)
_EXPORTS = re.compile(
    r"/(v1/)?exports/.*|/v1/me/data|/v1/imports/[^/]+/corrected|/.*\.(csv|xlsx|docx|jsonl)|/audit/report\.html"
    r"|/me/[a-z]+\.json"
)
# Pages of records show who or what fits them.
_SEARCHES = re.compile(
    r"/|/v1/(search|match|benefits/check)|/(compare|benefits/check|candidates/[^/]+|vacancies/[^/]+)"
)


@dataclass(frozen=True)
class Rule:
    """One limit.

    Attributes:
        name: what the headers call it.
        most: requests of one party in the window, at least 1.
        window_s: length of the window.
        kinds: kinds of requests that fall under it; see `kind_of`.
    """

    name: str
    most: int
    window_s: int
    kinds: frozenset[str]

    @property
    def item(self) -> RateLimitItem:
        """The limit as the library knows it."""
        return RateLimitItemPerSecond(self.most, self.window_s, namespace=self.name)


def kind_of(method: str, path: str) -> str:
    """Return the kind of a request: one of `KINDS`, or "" for what is not counted.

    Args:
        method: in capitals.
        path: as it is routed, without the query.
    """
    if _FREE.fullmatch(path):
        return ""
    is_read = method in _READS
    if not is_read and _LOGINS.fullmatch(path):
        return "logins"
    if not is_read and _UPLOADS.fullmatch(path):
        return "uploads"
    if _EXPORTS.fullmatch(path):
        return "exports"
    if _SEARCHES.fullmatch(path):
        return "searches"
    return "requests" if is_read else "writes"


def rules_of(rates: Rates) -> tuple[Rule, ...]:
    """Return the rules of some rates; a rate of 0 makes none."""
    found = [
        Rule("searches", rates.searches, _MINUTE, frozenset({"searches"})),
        Rule("writes", rates.writes, _MINUTE, frozenset({"writes"})),
        Rule("uploads", rates.uploads, _HOUR, frozenset({"uploads"})),
        Rule("exports", rates.exports, _HOUR, frozenset({"exports"})),
        Rule("logins", rates.logins, _MINUTE, frozenset({"logins"})),
        Rule("requests", rates.requests, _MINUTE, KINDS),
    ]
    return tuple(rule for rule in found if rule.most > 0)


def remote_address(scope: Scope) -> str:
    """Return the network address of a request; "" for this machine, which is not counted.

    Of IPv6 it is the network of 64 bits, since each household or host has a whole one. Whoever
    stands before the server must hand the address on (`X-Forwarded-For`, see docs/operations.md).
    """
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return ""  # a socket of this machine
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)


class RateLimits:
    """Counts requests before anything else is done with them, and refuses those beyond a limit.

    Args:
        app: what answers.
        answer: makes the answer to a request beyond a limit.
        rules: the limits; a request must keep within all that cover it. A refused one is not counted.
        who: says whose a request is: an account, or an address.
        memory: where requests are counted; its clock runs `Retry-After`.
        clock: seconds that never go back; that of the memory.
    """

    def __init__(
        self,
        app: ASGIApp,
        answer: Answer,
        rules: Sequence[Rule],
        who: Who = remote_address,
        memory: BoundedMemory | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._answer = answer
        self._rules = tuple(rules)
        self._who = who
        self._clock = clock
        self._limiter = MovingWindowRateLimiter(memory or BoundedMemory(clock=clock))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        party = self._who(scope) if scope["type"] == "http" else ""
        rules = self._covering(scope) if party else ()
        if not rules:
            await self._app(scope, receive, send)
            return
        spent = [rule for rule in rules if not self._limiter.test(rule.item, party)]
        if not spent:
            for rule in rules:
                self._limiter.hit(rule.item, party)
        headers = self._headers(rules, party)
        if spent:
            wait_s = max(self._left(rule, party)[1] for rule in spent)
            problem = Problem("too-many-requests", headers={**headers, "Retry-After": str(wait_s)})
            response = self._answer(Request(scope), problem)
            await response(scope, receive, send)
            return

        async def send_with_rest(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in headers.items():
                    sent[name] = value
            await send(message)

        await self._app(scope, receive, send_with_rest)

    def _covering(self, scope: Scope) -> tuple[Rule, ...]:
        kind = kind_of(scope["method"], scope["path"])
        return tuple(rule for rule in self._rules if kind in rule.kinds)

    def _headers(self, rules: Sequence[Rule], party: str) -> dict[str, str]:
        rest = {rule.name: self._left(rule, party) for rule in rules}
        return {
            "RateLimit-Policy": ", ".join(
                f'"{rule.name}";q={rule.most};w={rule.window_s}' for rule in rules
            ),
            "RateLimit": ", ".join(
                f'"{name}";r={left};t={wait}' for name, (left, wait) in rest.items()
            ),
        }

    def _left(self, rule: Rule, party: str) -> tuple[int, int]:
        """Return how many requests are left, and after how many seconds there is one more."""
        stats = self._limiter.get_window_stats(rule.item, party)
        wait_s = min(max(math.ceil(stats.reset_time - self._clock()), 1), rule.window_s)
        return max(stats.remaining, 0), wait_s
