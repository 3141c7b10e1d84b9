"""Versions over HTTP: ETags and `If-Match`; and keys by which a request may be sent again."""

from __future__ import annotations

import hashlib
import re

from api.problems import Fault, Phrase, Problem, invalid

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"([0-9]{1,9})"')


def etag_of(version: int) -> str:
    """Return the ETag of a version: the number in quotes."""
    return f'"{version}"'


def expected_version(if_match: str | None, version: int) -> int:
    """Return the version that the caller names.

    Args:
        if_match: the header as it was sent.
        version: what is there.

    Raises:
        Problem: 428 when no version was named, 422 when it cannot be read, 412 when it is another.
    """
    if if_match is None:
        fault = Fault("header", "If-Match", Phrase("fault.if_match_missing"))
        raise Problem("precondition-required", [fault])
    tags = [tag.strip() for tag in if_match.split(",")]
    if "*" in tags or etag_of(version) in tags:
        return version
    if not all(_ETAG.fullmatch(tag) for tag in tags):
        raise invalid("header", "If-Match", "if_match")
    raise Problem("changed-meanwhile", headers={"ETag": etag_of(version)})


def request_key(idempotency_key: str) -> str:
    """Return what stands for an `Idempotency-Key`: 40 hexadecimal digits.

    Raises:
        Problem: 422 when it cannot be used.
    """
    if not _IDEMPOTENCY_KEY.fullmatch(idempotency_key):
        raise invalid("header", "Idempotency-Key", "idempotency_key")
    return hashlib.sha256(idempotency_key.encode()).hexdigest()[:40]
