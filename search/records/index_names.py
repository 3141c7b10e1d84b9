"""Names of indexes, as the outbox and the projector's lock know them."""

from __future__ import annotations

import re

from search.records.errors import InvalidRecordError
from search.records.tables import LONGEST_NAME

# A name becomes part of a file's name.
_PATTERN = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_NAME - 1}}}")


def check_index_name(name: str) -> None:
    """Refuse a name that is no index's.

    Raises:
        InvalidRecordError: it is empty, too long, or has other characters.
    """
    if not _PATTERN.fullmatch(name):
        raise InvalidRecordError(
            f"index {name[:80]!r} was named; a name is 1 to {LONGEST_NAME} letters, digits, dots, "
            "hyphens and underscores and begins with a letter or digit"
        )
