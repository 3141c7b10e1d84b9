"""Text that any of the files can hold, and how much room it takes."""

from __future__ import annotations

import re
import unicodedata

#: All but `Char` of XML 1.0 (fifth edition), production [2]; lone surrogates among them.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return a text without characters that no XML document may hold (controls, lone surrogates)."""
    return _NOT_XML.sub("", text)


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many UTF-16 units, as Excel counts; if cut, with an ellipsis."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * most:
        return text
    # A character of two units that is cut in half is left out.
    return units[: 2 * (most - 1)].decode("utf-16-le", errors="ignore") + "…"


def shown_width(text: str) -> int:
    """Return how wide a text is in half ems: two for a Chinese character (UAX #11), else one."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
