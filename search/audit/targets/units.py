"""Units of indicators: a figure is compared in the unit printed, and refused where it has no way there."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import cache

from search.audit.targets.indicator_kinds import table
from taxonomies.models import Text


class UnitMismatchError(ValueError):
    """A figure in a unit that cannot be turned into the one of the indicator."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(
            f"a figure in {found!r} was to be compared with one in {expected!r}; there is no way from "
            f"one to the other: give it in {expected!r}"
        )
        self.found, self.expected = found, expected


def converted(value: Decimal, unit: str, to: Text) -> Decimal:
    """Return a figure in the unit of an indicator: 25,000 persons are 2.5 of ten thousand persons.

    Args:
        value: the figure.
        unit: its unit, in either language.
        to: the unit of the indicator.

    Raises:
        UnitMismatchError: the units count different things, or one is not known.
    """
    found, expected = _folded(unit), _folded(to.zh)
    if found in {expected, _folded(to.en)}:
        return value
    known = _units()
    if found not in known or expected not in known or known[found][0] != known[expected][0]:
        raise UnitMismatchError(unit, to.zh)
    return value * known[found][1] / known[expected][1]


@cache
def _units() -> dict[str, tuple[str, Decimal]]:
    return {_folded(row["unit"]): (row["of"], Decimal(row["size"])) for row in table("units.csv")}


def _folded(unit: str) -> str:
    return "".join(unicodedata.normalize("NFKC", unit).split()).casefold()
