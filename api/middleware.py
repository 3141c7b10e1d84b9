"""What every answer carries (request id, security headers) and how much of a body is read.

What every answer leaves behind, too: a line in the log, and counts.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import failure_of
from api.logs import request_id as current_request_id
from api.metrics import Metrics
from api.problems import Problem

log = logging.getLogger("bole.api")
access_log = logging.getLogger("bole.access")

#: Route of requests that lead nowhere, in the log and in metrics.
UNMATCHED = "unmatched"

Answer = Callable[[Request, Problem], Response]

# A client can invent methods; each would be a time series.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

#: Pages that take files; so do `/v1/imports` and what is below `/v1/read`.
UPLOADS = frozenset(
    {"/imports", "/me/resume", "/hr/vacancies/file", "/declarations/file", "/audit/targets/file"}
)

#: Pages bring all they need from here: no inline code or styles, no other host, no frames.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Envelope:
    """Adds the headers that every answer carries, turns a crash into a problem, logs and counts.

    What crashed is logged by type and place only: messages may hold what a person sent. Requests
    are logged by route template: addresses hold what people search for, and record ids.

    Args:
        app: what answers.
        answer: makes the answer to a crash.
        metrics: where requests are counted; None counts nothing.
    """

    def __init__(self, app: ASGIApp, answer: Answer, metrics: Metrics | None = None) -> None:
        self._app = app
        self._answer = answer
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        # Left in place: the server, too, logs this request's failures under its id.
        current_request_id.set(request_id)
        status: int | None = None
        size = 0

        async def send_enveloped(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        begun = time.perf_counter()
        if self._metrics is not None:
            self._metrics.request_began()
        try:
            await self._app(scope, receive, send_enveloped)
        except Exception as error:
            # Not `exc_info`: a handler that is not ours would write the message.
            told = failure_of(error)
            log.error("request %s failed: %s", request_id, told["exception"], extra=told)
            if status is not None:
                raise
            response = self._answer(Request(scope), Problem("broken"))
            await response(scope, receive, send_enveloped)
        finally:
            self._note(scope, status, size, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int | None, size: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_template(scope)
        if self._metrics is not None:
            self._metrics.request_ended(method, route, status, seconds)
        ms = round(seconds * 1000, 1)
        told = {"method": method, "route": route, "status": status, "ms": ms, "bytes": size}
        access_log.info("%s %s %s %s ms %d bytes", method, route, status, ms, size, extra=told)


class BodyGuard:
    """Reads a body whole before anything else does: bytes are counted as they come, and time too.

    `Content-Length` is a claim; only what arrives counts.

    Args:
        app: what answers.
        answer: makes the refusal.
        bytes_at_most: of a body.
        timeout_s: within which it has to arrive.
        upload_bytes_at_most: of a body with a file, where files are taken.
    """

    def __init__(
        self,
        app: ASGIApp,
        answer: Answer,
        bytes_at_most: int,
        timeout_s: float,
        upload_bytes_at_most: int = 0,
    ) -> None:
        self._app = app
        self._answer = answer
        self._bytes_at_most = bytes_at_most
        self._upload_bytes_at_most = max(upload_bytes_at_most, bytes_at_most)
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        try:
            with anyio.fail_after(self._timeout_s):
                body = await self._read(receive, self._most(scope["path"]))
        except TimeoutError:
            await self._refuse("timeout", scope, receive, send)
            return
        if body is None:
            await self._refuse("too-large", scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    def _most(self, path: str) -> int:
        is_upload = path in UPLOADS or path.startswith(("/v1/imports", "/v1/read/"))
        return self._upload_bytes_at_most if is_upload else self._bytes_at_most

    async def _read(self, receive: Receive, most: int) -> bytes | None:
        """Return the body, or None when it is longer than allowed."""
        chunks, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                break
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > most:
                return None
            chunks.append(chunk)
            more = message.get("more_body", False)
        return b"".join(chunks)

    async def _refuse(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._answer(Request(scope), Problem(kind, headers={"Connection": "close"}))
        await response(scope, receive, send)


def route_template(scope: Scope) -> str:
    """Return the template of the route that a request took, for example `/v1/roles/{number}`.

    Only for requests that were routed; never holds anything from the address itself.
    """
    # FastAPI keeps a router's prefix apart from its routes; before it did, routes held all of it.
    context = scope.get("fastapi", {}).get("effective_route_context")
    for place in (context, scope.get("route")):
        path = getattr(place, "path", None)
        if isinstance(path, str):
            return path
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return UNMATCHED
    # Plain routes and mounts leave no more than what they lead to.
    for route in scope["app"].routes:
        if endpoint in (getattr(route, "endpoint", None), getattr(route, "app", None)):
            return str(route.path)
    return UNMATCHED


def _replay(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    is_given = False

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _request_id(sent: str) -> str:
    return sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
