"""What can go wrong between a client and a server, as `FaultyProxy` plays it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Refuse:
    """Close the connection without an answer; the server never hears of the request."""


@dataclass(frozen=True)
class Hang:
    """Accept the request and say nothing for so many seconds, then close; it is not passed on."""

    seconds: float


@dataclass(frozen=True)
class Answer:
    """Answer with this instead of passing the request on.

    Without a body: an error of the shape that Elasticsearch gives, of the type `error_type`.
    """

    status: int
    body: bytes | Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    error_type: str | None = None

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body or self._error()).encode()

    def _error(self) -> dict[str, object]:
        error_type = self.error_type or USUAL_ERROR.get(self.status, "injected_exception")
        cause = {"type": error_type, "reason": "injected by the test"}
        return {"error": {"root_cause": [cause], **cause}, "status": self.status}


#: What Elasticsearch says when it rejects for load, and when it has no master or no primary.
USUAL_ERROR = {429: "es_rejected_execution_exception", 503: "unavailable_shards_exception"}


@dataclass(frozen=True)
class CutAfter:
    """Pass the request on, then close within the answer: after `size` bytes of its body.

    At least the last byte is missing, however large `size` is.
    """

    size: int


@dataclass(frozen=True)
class DropRequestAfter:
    """Close the connection after `size` bytes of the request's body; it is not passed on."""

    size: int


@dataclass(frozen=True)
class ApplyThenDrop:
    """Pass the request on and wait for the server's answer, then close without answering."""


@dataclass(frozen=True)
class FailItems:
    """Of a bulk request, fail every so-maniest item (1: all) and pass the others on.

    The failed ones stand in the answer at their places. Other requests go through unharmed.
    """

    every: int
    status: int = 429
    error_type: str = "es_rejected_execution_exception"


Fault: TypeAlias = Refuse | Hang | Answer | CutAfter | DropRequestAfter | ApplyThenDrop | FailItems
#: (number of the request since the plan was made, from 1; method; path without query) -> fault
Plan: TypeAlias = Callable[[int, str, str], Fault | None]


def always(fault: Fault | None) -> Plan:
    """Return the plan with this fault for every request."""
    return lambda number, method, path: fault


def first(times: int, fault: Fault, *, endpoint: str | None = None) -> Plan:
    """Return the plan with this fault for the first requests, then none.

    Args:
        endpoint: only requests whose path ends in this segment are meant and counted, e.g. `_bulk`.
    """
    left: Iterator[int] = iter(range(times))

    def plan(number: int, method: str, path: str) -> Fault | None:
        if endpoint is not None and path.rpartition("/")[2] != endpoint:
            return None
        return fault if next(left, None) is not None else None

    return plan


def sequence(*faults: Fault | None) -> Plan:
    """Return the plan with these faults for one request each, then none."""
    left = itertools.chain(faults, itertools.repeat(None))
    return lambda number, method, path: next(left)
