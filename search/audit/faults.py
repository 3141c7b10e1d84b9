"""What is wrong with one cell of a table that people fill in: codes, which the pages put into words."""

from __future__ import annotations

from dataclasses import dataclass

#: What is shown of a cell at most.
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class RowFault:
    """A cell, or a whole row, that cannot be used.

    Attributes:
        row: as a spreadsheet counts: the header is row 1 where it stands first.
        column: key of the column; "" for the row as a whole.
        value: what stands there, cut after some characters.
        reason: code of what is wrong.
        fix: code of what to do.
        expected: what would do, where that can be said in a word: a unit, a code, a limit.
    """

    row: int
    column: str
    value: str
    reason: str
    fix: str
    expected: str = ""


def shown(value: str) -> str:
    """Return a cell's text, cut to what fits into a message."""
    return value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"
