"""Record ids that sort by the time they were made.

The form is that of a ULID: 48 bits of milliseconds and 80 random bits in Crockford's base 32, 26
characters. Ids made in one process rise strictly, also within a millisecond and when the clock is
set back, so that a page of records ends where the next one begins.
"""

from __future__ import annotations

import re
import secrets
import threading
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_RANDOM_BITS = 80
_PATTERN = re.compile(rf"[0-7][{_ALPHABET}]{{{_LENGTH - 1}}}")

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """Return an id greater than every one this process has made before."""
    global _last
    with _lock:
        fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        _last = fresh if fresh >> _RANDOM_BITS > _last >> _RANDOM_BITS else _last + 1
        number = _last
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def is_id(text: str) -> bool:
    """Say whether a text has the form of a record id."""
    return _PATTERN.fullmatch(text) is not None
