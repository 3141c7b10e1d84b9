"""Canonical JSON and what it hashes to: the same values give the same bytes, wherever and whenever.

Keys sorted, no blanks, UTF-8, days as YYYY-MM-DD, numbers as short as they read back the same, sets as
sorted lists, decimals as text. After the idea of RFC 8785 (JSON Canonicalization Scheme), which sorts keys by
UTF-16 units; ours are ASCII, where that is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson


def canonical(value: object) -> bytes:
    """Return a value as canonical JSON.

    Raises:
        TypeError: it holds what JSON cannot say.
    """
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def record_digest(record: object) -> bytes:
    """Return the SHA-256 of one record's canonical JSON, 32 bytes."""
    return sha256(canonical(record)).digest()


def joint_digest(digests: Iterable[bytes]) -> str:
    """Return the SHA-256 of records' digests in ascending order, hexadecimal: their order means nothing."""
    return sha256(b"".join(sorted(digests))).hexdigest()


# Left to itself, orjson writes the fields of a dataclass in the order of the class.
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


def _plain(value: Any) -> object:
    if is_dataclass(value):
        return {entry.name: getattr(value, entry.name) for entry in fields(value)}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"JSON was asked for, and {type(value).__name__} has no form in it")
