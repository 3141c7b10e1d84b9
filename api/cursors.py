"""Opaque page cursors: where the next page begins, and of which question it is a page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from api.problems import invalid

#: A cursor reaches no further; who needs more should narrow the question.
OFFSET_AT_MOST = 10_000

_DIGEST_LENGTH = 12


def encode(offset: int, question: str) -> str:
    """Return the cursor of the page that begins at an offset."""
    content = json.dumps([offset, _digest(question)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def decode(cursor: str | None, question: str, place: str = "body") -> int:
    """Return the offset that a cursor stands for; 0 without one.

    Args:
        cursor: as it was sent.
        question: all that decides the order of the answers, written out.
        place: part of the request that it came in.

    Raises:
        Problem: it is none of ours, or belongs to another question.
    """
    if cursor is None:
        return 0
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        offset, digest = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise invalid(place, "cursor", "cursor") from None
    if type(offset) is not int or not 0 <= offset <= OFFSET_AT_MOST or digest != _digest(question):
        raise invalid(place, "cursor", "cursor")
    return offset


def _digest(question: str) -> str:
    return hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:_DIGEST_LENGTH]
