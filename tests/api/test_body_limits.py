"""How much of a body is read, and for how long."""

from __future__ import annotations

import anyio
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from api.middleware import BodyGuard


async def echo(scope, receive, send):
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def answer(_, problem):
    return PlainTextResponse(problem.kind, problem.status_code)


def run(messages, delay_s=0.0):
    sent = []
    waiting = iter(messages)

    async def receive():
        await anyio.sleep(delay_s)
        return next(waiting)

    async def send(message):
        sent.append(message)

    guard = BodyGuard(echo, answer=answer, bytes_at_most=1000, timeout_s=0.2)
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-length", b"1")]}
    anyio.run(guard, scope, receive, send)
    return sent[0]["status"]


def chunk(size, more):
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


@pytest.mark.parametrize(
    ("sizes", "status"), [([1000], 200), ([1001], 413), ([600, 400], 200), ([600, 401], 413)]
)
def test_bytes_are_counted_as_they_come_whatever_was_claimed(sizes, status):
    assert run([chunk(size, place + 1 < len(sizes)) for place, size in enumerate(sizes)]) == status


def test_a_body_that_does_not_come_is_given_up():
    assert run([chunk(1, True)] * 10, delay_s=0.1) == 408
