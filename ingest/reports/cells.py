"""What stands in a cell of a report: text, a figure, a date, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from taxonomies.models import Text

Said = str | Text
Kind = Literal["text", "int", "decimal", "percent", "date", "change"]
Reason = Literal[
    "suppressed", "not_assessable", "no_seekers", "not_recorded", "series_broken", "not_applicable"
]

#: Beyond it a spreadsheet, which keeps 15 digits, would show another figure than the page.
_MOST = 1e15
#: Part of element ids, file names and bookmarks, so plain.
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")


class ReportError(ValueError):
    """A report that does not fit together: what was asked, what was found, what to do."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that cannot be given.

    Attributes:
        reason: `suppressed` (a small count about people), `not_assessable` (below the minimum
            cell), `no_seekers` (a ratio with nobody below the line), `not_recorded`,
            `series_broken` (a threshold or version changed in between), `not_applicable` (a bound
            where there is nothing to bound).
    """

    reason: Reason


Cell = Text | str | int | float | date | Missing


def require_id(value: str) -> None:
    """Refuse an id that is not plain."""
    if not _ID.fullmatch(value):
        raise ReportError(
            f"an id should be a letter, then letters, digits and hyphens, all small: {value!r}"
        )


def require_kind(where: str, kind: Kind, cell: Cell) -> None:
    """Refuse a cell that a column of this kind cannot hold; `where` it is goes into the message."""
    if isinstance(cell, Missing):
        return
    # A truth value is an int to Python, and a moment is a date; neither is what a reader expects.
    right = not isinstance(cell, bool | datetime) and isinstance(cell, _TYPES[kind])
    if not right or (isinstance(cell, int | float) and not abs(cell) <= _MOST):
        raise ReportError(
            f"{where}: a cell of kind {kind} was asked for, {cell!r} was found; "
            f"give a figure of at most {_MOST:.0e}, or Missing with the reason"
        )


_TYPES: Mapping[Kind, tuple[type, ...]] = MappingProxyType(
    {
        "text": (str, Text),
        "int": (int,),
        "decimal": (int, float),
        "percent": (int, float),
        "change": (int, float),
        "date": (date,),
    }
)
