"""Writes in bulk: few requests under way at a time, each item's result looked at, patience with jitter.

Writing twice does no harm: every item carries its record's sequence as external version, so what
arrives late, or again, finds the newer there (409) and is done.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, AsyncElasticsearch, TransportError

from search.backends.base import IndexUnavailableError
from search.backends.elastic.gateway import explained, may_pass, pause_s
from search.monitoring import Observer

#: A request holds at most so many items and about so many bytes: the client hands a body over in one
#: piece, which holds up its loop when there is more of it; and Elasticsearch refuses what would take
#: more than a tenth of its heap, all requests together.
ITEMS_AT_MOST = 500
BYTES_AT_MOST = 900_000
#: Requests under way at a time.
IN_FLIGHT = 3
#: Longest wait for one request, and longest patience with one that is refused for now.
REQUEST_TIMEOUT_S = 30.0
PATIENCE_S = 20.0

#: Statuses of an item that is as it should be: written, gone already, or newer there.
_DONE = frozenset({200, 201, 404, 409})
_FOR_NOW = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Write:
    """One document to be written, or removed where there is no source.

    Attributes:
        version: the record's sequence.
        source: JSON on one line; None removes the document.
    """

    doc_id: str
    version: int
    source: bytes | None

    def lines(self) -> list[dict[str, Any] | bytes]:
        """Return what a bulk request holds of it."""
        action = {
            "_id": self.doc_id,
            "version": self.version,
            "version_type": "external_gte",
        }
        if self.source is None:
            return [{"delete": action}]
        return [{"index": action}, self.source]


@dataclass
class BulkLimits:
    """How much at a time, and how long; a test may be less patient."""

    items: int = ITEMS_AT_MOST
    bytes: int = BYTES_AT_MOST
    in_flight: int = IN_FLIGHT
    request_timeout_s: float = REQUEST_TIMEOUT_S
    patience_s: float = PATIENCE_S


@dataclass
class _Outcome:
    refused: dict[str, str] = field(default_factory=dict)


async def send(
    client: AsyncElasticsearch,
    index: str,
    writes: Sequence[Write],
    limits: BulkLimits,
    observe: Observer,
) -> dict[str, str]:
    """Write everything, or say what the engine refuses for good.

    Returns:
        Document id to reason for what no repetition would help; all others are written.

    Raises:
        IndexUnavailableError: the server refused or did not answer for longer than our patience;
            what was written stays and may be sent again.
    """
    slots = asyncio.Semaphore(limits.in_flight)
    outcome = _Outcome()

    async def one(chunk: Sequence[Write]) -> None:
        async with slots:
            outcome.refused.update(await _send_chunk(client, index, chunk, limits, observe))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(chunk)) for chunk in chunks(writes, limits)]
    del tasks
    return outcome.refused


def chunks(writes: Iterable[Write], limits: BulkLimits) -> Iterator[list[Write]]:
    """Yield the writes in order in requests within the limits; one that is larger goes alone."""
    chunk: list[Write] = []
    size = 0
    for write in writes:
        length = len(write.source or b"") + 200
        if chunk and (len(chunk) >= limits.items or size + length > limits.bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(write)
        size += length
    if chunk:
        yield chunk


async def _send_chunk(
    client: AsyncElasticsearch,
    index: str,
    chunk: Sequence[Write],
    limits: BulkLimits,
    observe: Observer,
) -> dict[str, str]:
    refused: dict[str, str] = {}
    waiting = list(chunk)
    deadline = time.monotonic() + limits.patience_s
    number = 0
    while waiting:
        reason: Exception
        try:
            async with asyncio.timeout(limits.request_timeout_s):
                answer = await client.bulk(
                    index=index,
                    # The client takes lines that are JSON already, and does not say so.
                    operations=[line for write in waiting for line in write.lines()],  # type: ignore[misc]
                    filter_path=["errors", "items.*.status", "items.*.error"],
                )
        except TimeoutError as error:
            reason = IndexUnavailableError(
                f"{len(waiting)} documents were sent to Elasticsearch; there was no answer within "
                f"{limits.request_timeout_s:g} s"
            )
            reason.__cause__ = error
            observe("elasticsearch_retries_total", reason="timeout")
        except (ApiError, TransportError) as error:
            reason = explained(error)
            reason.__cause__ = error
            # A request that is too long is of no use however often it is sent; in halves it may be.
            if isinstance(error, ApiError) and error.status_code == 413:
                if len(waiting) == 1:
                    refused[waiting[0].doc_id] = "413 too long for a request"
                    observe("bulk_items_total", result="refused")
                    return refused
                half = len(waiting) // 2
                for part in (waiting[:half], waiting[half:]):
                    refused.update(await _send_chunk(client, index, part, limits, observe))
                return refused
            if not may_pass(error):
                raise reason from error
            status = str(error.status_code) if isinstance(error, ApiError) else "unreachable"
            observe("elasticsearch_retries_total", reason=status)
        else:
            again = _judge(waiting, answer["items"], refused, observe)
            if not again:
                return refused
            reason = IndexUnavailableError(
                f"{len(again)} documents were sent to Elasticsearch and refused for now, the last "
                "time after some seconds of patience; it is overloaded or has no room"
            )
            waiting = again
        pause = pause_s(number, reason.__cause__)
        number += 1
        if time.monotonic() + pause > deadline:
            raise reason
        await asyncio.sleep(pause)
    return refused


def _judge(
    writes: Sequence[Write],
    items: Sequence[dict[str, Any]],
    refused: dict[str, str],
    observe: Observer,
) -> list[Write]:
    """Sort the results: return what is to be sent again, and take down what is refused for good."""
    again: list[Write] = []
    counts = {"written": 0, "newer": 0, "again": 0, "refused": 0}
    for write, item in zip(writes, items, strict=True):
        ((_, result),) = item.items()
        status = result["status"]
        if status in _FOR_NOW:
            again.append(write)
            counts["again"] += 1
        elif status in _DONE:
            counts["newer" if status == 409 else "written"] += 1
        else:
            error = result.get("error") or {}
            refused[write.doc_id] = f"{status} {error.get('type', '')}".strip()
            counts["refused"] += 1
    for result, count in counts.items():
        if count:
            observe("bulk_items_total", float(count), result=result)
    return again
