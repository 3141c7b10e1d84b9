"""How much room words take, and how they are broken: by estimate, since the reader's fonts are unknown."""

from __future__ import annotations

import re

from ingest.reports.printable import printable, shown_width

#: Ems: a Chinese character is square; Latin letters are this wide in the widest of common fonts.
_HANZI, _LETTER = 1.0, 0.6


def width_of(text: str, size: float) -> float:
    """Return about how wide a text of one line is, in the units of `size`."""
    wide = shown_width(text) - len(text)
    return size * (wide * _HANZI + (len(text) - wide) * _LETTER)


def lines_of(text: str, width: float, size: float, most: int = 2) -> tuple[str, ...]:
    """Break a text into at most so many lines; what does not fit ends with an ellipsis.

    Chinese breaks anywhere, words of Latin letters between words where they can.

    Args:
        text: the words.
        width: that a line may take.
        size: of the letters, in the same units.
        most: number of lines.
    """
    rest = " ".join(printable(text).split())
    lines: list[str] = []
    while rest and len(lines) < most:
        fitting = _fitting(rest, width, size)
        if fitting == len(rest):
            lines.append(rest)
            return tuple(lines)
        if len(lines) == most - 1:
            kept = _fitting(rest, width - size, size)
            lines.append(rest[:kept].rstrip() + "…")
            return tuple(lines)
        at = _break_before(rest, fitting)
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return tuple(lines)


def _fitting(text: str, width: float, size: float) -> int:
    """Return how many letters fit; at least one."""
    taken = 0.0
    for number, letter in enumerate(text):
        taken += width_of(letter, size)
        if taken > width and number:
            return number
    return len(text)


def _break_before(text: str, at: int) -> int:
    """Return the place at or before `at` where a line may end: not within a Latin word."""
    inside = re.match(r"[A-Za-z0-9]", text[at]) and re.match(r"[A-Za-z0-9(]", text[at - 1])
    if not inside:
        return at
    return 1 + max(text.rfind(mark, 0, at) for mark in " -/") or at
