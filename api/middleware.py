"""What every answer carries (request id, security headers), and how much of a body is read."""

from __future__ import annotations

import logging
import re
import traceback
import uuid
from collections.abc import Awaitable, Callable

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem

log = logging.getLogger("bole.api")

Answer = Callable[[Request, Problem], Response]

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

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
    """Adds the headers that every answer carries, and turns a crash into a problem.

    What crashed is logged by type and place only: messages may hold what a person sent.
    """

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_enveloped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_enveloped)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("request %s failed: %s\n%s", request_id, type(error).__name__, frames)
            if started:
                raise
            response = self._answer(Request(scope), Problem("broken"))
            await response(scope, receive, send_enveloped)


class BodyGuard:
    """Reads a body whole before anything else does: bytes are counted as they come, and time too.

    `Content-Length` is a claim; only what arrives counts.
    """

    def __init__(self, app: ASGIApp, answer: Answer, bytes_at_most: int, timeout_s: float) -> None:
        self._app = app
        self._answer = answer
        self._bytes_at_most = bytes_at_most
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        try:
            with anyio.fail_after(self._timeout_s):
                body = await self._read(receive)
        except TimeoutError:
            await self._refuse("timeout", scope, receive, send)
            return
        if body is None:
            await self._refuse("too-large", scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the body, or None when it is longer than allowed."""
        chunks, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                break
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._bytes_at_most:
                return None
            chunks.append(chunk)
            more = message.get("more_body", False)
        return b"".join(chunks)

    async def _refuse(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._answer(Request(scope), Problem(kind, headers={"Connection": "close"}))
        await response(scope, receive, send)


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
