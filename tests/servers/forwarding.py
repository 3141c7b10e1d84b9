"""One request on its way through the proxy: passed on, or met by its fault."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web
from multidict import CIMultiDict
from yarl import URL

from tests.servers.bulk import chosen, items_of, merged_answer
from tests.servers.faults import (
    Answer,
    ApplyThenDrop,
    CutAfter,
    DropRequestAfter,
    FailItems,
    Fault,
    Hang,
    Refuse,
)

#: They speak of one connection and not of the message; lengths are set anew.
HOP_BY_HOP = {
    "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "host", "expect",
    "content-length",
}  # fmt: skip
#: aiohttp adds these to what lacks them; the server must see what the client sent.
NOT_OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
JSON = "application/json"
WITHOUT_BODY = {204, 304}


@dataclass(frozen=True)
class Reply:
    """An answer with its body as it goes over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Forwarder:
    """Send requests to the target and answers back. Asynchronous context manager."""

    def __init__(self, target_url: str) -> None:
        self._target = target_url

    async def __aenter__(self) -> Self:
        # A new connection for each: on one that was kept open aiohttp repeats a failed request by
        # itself, and the target would see what the client never sent.
        self._session = ClientSession(
            connector=TCPConnector(force_close=True, limit=0),
            timeout=ClientTimeout(total=None),
            auto_decompress=False,
            skip_auto_headers=NOT_OURS,
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def handle(self, request: web.BaseRequest, fault: Fault | None) -> web.StreamResponse:
        """Answer a request of the client's, or close its connection."""
        match fault:
            case Refuse():
                return _hang_up(request)
            case Hang(seconds=seconds):
                await asyncio.sleep(seconds)
                return _hang_up(request)
            case DropRequestAfter(size=size):
                await _read_up_to(request, size)
                return _hang_up(request)
        body = await request.content.read()
        if isinstance(fault, Answer):
            return await _send(request, _injected(request, fault))
        try:
            if isinstance(fault, FailItems) and request.rel_url.raw_path.endswith("/_bulk"):
                reply = await self._bulk(request, body, fault)
            else:
                url = URL(self._target + request.raw_path, encoded=True)
                reply = await self._pass_on(request.method, url, _passed(request.headers), body)
        except (ClientError, OSError):
            return _hang_up(request)
        if isinstance(fault, ApplyThenDrop):
            return _hang_up(request)
        return await _send(request, reply, fault.size if isinstance(fault, CutAfter) else None)

    async def _pass_on(
        self, method: str, url: URL, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        async with self._session.request(
            method, url, headers=headers, data=body or None, allow_redirects=False
        ) as answer:
            return Reply(answer.status, _passed(answer.headers), await answer.read())

    async def _bulk(self, request: web.BaseRequest, body: bytes, fault: FailItems) -> Reply:
        """Pass on the items that are not to fail, and answer for all."""
        headers = _passed(request.headers)
        if headers.pop("Content-Encoding", "") == "gzip":
            body = gzip.decompress(body)
        headers["Accept-Encoding"] = "identity"  # the answer is to be read and changed
        items = items_of(body)
        kept = b"".join(
            item.lines for item, fail in zip(items, chosen(items, fault), strict=True) if not fail
        )
        index = request.rel_url.path.split("/")[1] if request.rel_url.path != "/_bulk" else ""
        if kept:
            # With a filter the server's entries could not be told apart; more than asked is no harm.
            url = URL(self._target + request.raw_path, encoded=True)
            url = url.without_query_params("filter_path")
            reply = await self._pass_on(request.method, url, headers, kept)
            if reply.status != 200:
                return reply
        else:
            nothing = b'{"took": 0, "errors": true, "items": []}'
            reply = Reply(200, _usual_headers(request), nothing)
        merged = merged_answer(json.loads(reply.body), items, fault, index)
        return Reply(200, reply.headers, json.dumps(merged).encode())


def _passed(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Return the headers that belong to the message."""
    return CIMultiDict(
        (name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP
    )


def _usual_headers(request: web.BaseRequest) -> CIMultiDict[str]:
    """Return what Elasticsearch says with every answer; without them its client trusts none."""
    accepted = request.headers.get("Accept", JSON)
    kind = accepted if accepted.startswith("application/vnd.elasticsearch+json") else JSON
    return CIMultiDict({"X-Elastic-Product": "Elasticsearch", "Content-Type": kind})


def _injected(request: web.BaseRequest, fault: Answer) -> Reply:
    headers = _usual_headers(request)
    headers.update(fault.headers)
    return Reply(fault.status, headers, fault.content())


async def _read_up_to(request: web.BaseRequest, size: int) -> None:
    left = size
    while left > 0 and (part := await request.content.read(left)):
        left -= len(part)


def _hang_up(request: web.BaseRequest) -> web.StreamResponse:
    """Close the client's connection, after what was written to it already."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()  # aiohttp wants one; there is nowhere left to write it to


async def _send(
    request: web.BaseRequest, reply: Reply, cut: int | None = None
) -> web.StreamResponse:
    """Write the answer, or all of its head and so many bytes of its body."""
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    if reply.status not in WITHOUT_BODY:
        response.content_length = len(reply.body)
    await response.prepare(request)
    if cut is not None:
        await response.write(reply.body[: min(cut, max(len(reply.body) - 1, 0))])
        return _hang_up(request)
    if request.method != "HEAD" and reply.body:
        await response.write(reply.body)
    await response.write_eof()
    return response
