"""Keys, telephone numbers and addresses as people write them."""

from __future__ import annotations

import re
import unicodedata

from ingest.tables.model import Cell
from ingest.tables.rows import ValueFaultError
from ingest.tables.values import INVISIBLE, cell_text, says_nothing
from ingest.tables.vocabulary import plain

_PHONE = re.compile(r"\+?[0-9](?:[0-9 ()./-]*[0-9])?(?: ?(?:ext\.?|x|转|#) ?[0-9]{1,6})?")
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}\.[^\s@.,;<>\"]{2,63}")
_KEY = re.compile(r"[A-Za-z0-9._-]{1,64}")


def read_key(cell: Cell) -> str | None:
    """Return the sender's own key.

    Raises:
        ValueFaultError: `bad_key`.
    """
    text = INVISIBLE.sub("", cell_text(cell))
    if not text:
        return None
    if not _KEY.fullmatch(text):
        raise ValueFaultError("bad_key", "write_key")
    return text


def read_phone(cell: Cell) -> str | None:
    """Return a telephone number with half-width digits, otherwise as written.

    Raises:
        ValueFaultError: `bad_phone`.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return None
    normal = re.sub(r"\s+", " ", plain(text))
    if not _PHONE.fullmatch(normal) or not 5 <= sum(map(str.isdigit, normal)) <= 22:
        raise ValueFaultError("bad_phone", "write_phone")
    return normal


def read_email(cell: Cell) -> str | None:
    """Return an e-mail address; a `mailto:` before it is left out.

    Raises:
        ValueFaultError: `bad_email`.
    """
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", cell_text(cell))).removeprefix("mailto:")
    if says_nothing(text):
        return None
    if not _EMAIL.fullmatch(text):
        raise ValueFaultError("bad_email", "write_email")
    return text
