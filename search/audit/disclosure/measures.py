"""Several measures of the same cells, and figures made of them: the gap, the ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.protection import ProtectedTable
from search.audit.disclosure.tables import Coordinates


@dataclass(frozen=True)
class Derived:
    """A figure made of two measures.

    Attributes:
        name: e.g. `gap`.
        formula: `difference` (first - second: the gap D - S) or `ratio` (first / second: posts
            per job seeker, D / S, to two decimals).
        of: names of the two measures.
    """

    name: str
    formula: Literal["difference", "ratio"]
    of: tuple[str, str]


def derive(
    derived: Derived, tables: Mapping[str, ProtectedTable]
) -> dict[Coordinates, int | float | None]:
    """Return a derived figure for each cell; None where either ingredient is hidden.

    It is computed from the figures that leave, never from the counts: a reader could compute it
    as well, so it tells nothing more. A ratio of true counts would: 40/23 = 1.74 gives both away.

    Raises:
        DisclosureError: when an ingredient is no measure.
    """
    missing = [name for name in derived.of if name not in tables]
    if missing:
        raise DisclosureError(
            f"{derived.name!r} is made of {missing[0]!r}, which is not among the measures "
            f"{sorted(tables)}"
        )
    first, second = (tables[name].values for name in derived.of)
    figures: dict[Coordinates, int | float | None] = {}
    for coordinates, a in first.items():
        b = second.get(coordinates)
        if a is None or b is None:
            figures[coordinates] = None
        else:
            figures[coordinates] = a - b if derived.formula == "difference" else round(a / b, 2)
    return figures


def check_names(measures: Sequence[str], derived: Sequence[Derived]) -> None:
    """Raise DisclosureError unless every figure has a name of its own."""
    names = [*measures, *(item.name for item in derived)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise DisclosureError(f"two figures are called {doubled[0]!r}: name each differently")
