"""Opaque page cursors: where the next page begins, and of which question it is a page.

A page of answers begins at an offset. A page of what grows while it is read begins after the last
entry of the page before, so that none comes twice and none is left out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from api.problems import invalid

Item = TypeVar("Item")

#: A cursor reaches no further; who needs more should narrow the question.
OFFSET_AT_MOST = 10_000

_DIGEST_LENGTH = 12


def encode(offset: int, question: str) -> str:
    """Return the cursor of the page that begins at an offset."""
    return _encoded(offset, question)


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
    offset = _decoded(cursor, question, place)
    if type(offset) is not int or not 0 <= offset <= OFFSET_AT_MOST:
        raise invalid(place, "cursor", "cursor")
    return offset


def page(
    found: Sequence[Item], question: str, cursor: str | None, limit: int
) -> tuple[Sequence[Item], str | None]:
    """Return a page of what was found, and the cursor of the next; None on the last.

    Args:
        found: all of it, in order.
        question: all that decides it, written out.
        cursor: as it was sent in the address.
        limit: most on the page.

    Raises:
        Problem: the cursor is none of ours, or belongs to another question.
    """
    start = decode(cursor, question, place="query")
    shown = found[start : start + limit]
    end = start + len(shown)
    return shown, encode(end, question) if shown and end < len(found) else None


def encode_last(last: str, question: str) -> str:
    """Return the cursor of the page after an entry."""
    return _encoded(last, question)


def decode_last(
    cursor: str | None, question: str, fits: Callable[[str], bool], place: str = "query"
) -> str | None:
    """Return the last entry of the page before; None without a cursor.

    Args:
        cursor: as it was sent.
        question: all that decides which entries there are, written out.
        fits: whether a text can name an entry.
        place: part of the request that it came in.

    Raises:
        Problem: it is none of ours, or belongs to another question.
    """
    if cursor is None:
        return None
    last = _decoded(cursor, question, place)
    if not isinstance(last, str) or not fits(last):
        raise invalid(place, "cursor", "cursor")
    return last


def _encoded(position: int | str, question: str) -> str:
    content = json.dumps([position, _digest(question)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _decoded(cursor: str, question: str, place: str) -> Any:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        position, digest = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise invalid(place, "cursor", "cursor") from None
    if digest != _digest(question):
        raise invalid(place, "cursor", "cursor")
    return position


def _digest(question: str) -> str:
    return hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:_DIGEST_LENGTH]
