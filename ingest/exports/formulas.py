"""Text in CSV that a spreadsheet program would take for a formula, made harmless and brought back.

Source: OWASP ASVS 5.0, 1.2.10 (a cell that begins with = + - @, tab or NUL gets a single quote before
it). Carriage return, line feed, the full-width forms, and blanks or invisible marks before any of
them are treated alike.
"""

from __future__ import annotations

import re

_BLANK = r"[ \u00a0\u3000\u200b-\u200f\u2060\ufeff]*"
# Apostrophes that stood there before count too: without them `'=1` and `=1` would come out the same.
_FORMULA = re.compile(rf"'*{_BLANK}[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")
_NEUTRAL = re.compile(rf"'+{_BLANK}[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")


def neutralised(text: str) -> str:
    """Return the text with an apostrophe before it where it could be taken for a formula.

    Examples:
        >>> neutralised("=1+1"), neutralised("'=1+1"), neutralised("1+1")
        ("'=1+1", "''=1+1", '1+1')
    """
    return "'" + text if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """Return what `neutralised` was given.

    Examples:
        >>> restored("'=1+1"), restored("'tis")
        ('=1+1', "'tis")
    """
    return text[1:] if _NEUTRAL.match(text) else text
