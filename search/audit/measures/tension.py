"""The Bole tension index: our own composite, with its formula and weights in the output.

It is not the 紧缺指数 of any city: those are published without a formula, and are imported as published
(`search.audit.published.index`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search.audit.thresholds import Component, Thresholds

NAME = "Bole tension index"
FORMULA = (
    "index = sum(weight * points) / sum(weight) over the components that are known; points 0-3: how many "
    "of the component's three cuts its value reaches; no seekers at all score 3; not assessable below "
    "the minimum of posts or seekers, or where less than the given share of the weights is known"
)


class TensionLevel(StrEnum):
    """How an index reads; the three bands are those of Germany's Engpassanalyse."""

    SHORTAGE = "shortage"
    WATCH = "watch"
    NONE = "none"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Points:
    """One component: its value as measured (None: no seekers) and its points."""

    name: str
    value: float | None
    points: int


@dataclass(frozen=True, slots=True)
class Tension:
    """An index from 0 to 3; None where it is not assessable, with the parts that are known."""

    index: float | None
    level: TensionLevel
    parts: tuple[Points, ...]


def points(value: float, cuts: Sequence[float]) -> int:
    """Return how many of three rising cuts a value reaches: 0-3.

    Source: scale of the indicators in the Engpassanalyse (statistik.arbeitsagentur.de); the cuts are ours.

    >>> points(1.7, (1.0, 1.5, 2.0)), points(0.2, (1.0, 1.5, 2.0))
    (2, 0)
    """
    return sum(value >= cut for cut in cuts)


def weighted_mean(parts: Sequence[Points], components: Sequence[Component]) -> float:
    """Return sum(weight × points) / sum(weight) over the parts given.

    Source: unweighted mean of points in the Engpassanalyse; adjustable weights after the Help Wanted Index
    (ifp.org).

    >>> known = [Points("a", 2.0, 3), Points("b", 1.0, 0)]
    >>> weighted_mean(known, [Component("a", 2.0, (1, 1.5, 2)), Component("b", 1.0, (2, 3, 4))])
    2.0
    """
    weights = {component.name: component.weight for component in components}
    total = sum(weights[part.name] for part in parts)
    return sum(weights[part.name] * part.points for part in parts) / total


def tension(
    values: Mapping[str, float | None],
    no_seekers: frozenset[str],
    thresholds: Thresholds,
    *,
    is_assessable: bool,
) -> Tension:
    """Return the index of one line.

    Args:
        values: component to its value; None or absent where it is not known.
        no_seekers: components whose ratio has nobody to divide by, though posts are open.
        thresholds: cuts and weights.
        is_assessable: whether the line has the least number of posts, and of seekers unless there are none.

    >>> found = tension({"posts_per_declared": 2.5, "median_days_open": 70.0, "share_unmet": 0.3},
    ...                 frozenset(), Thresholds(), is_assessable=True)
    >>> found.index, found.level.value
    (2.4, 'shortage')
    >>> tension({"posts_per_declared": 9.0}, frozenset(), Thresholds(), is_assessable=False).level.value
    'not_assessable'
    """
    parts = []
    for component in thresholds.components:
        value = values.get(component.name)
        if component.name in no_seekers:
            parts.append(Points(component.name, None, 3))
        elif value is not None:
            parts.append(Points(component.name, value, points(value, component.cuts)))
    weights = {component.name: component.weight for component in thresholds.components}
    known = sum(weights[part.name] for part in parts)
    enough = known >= thresholds.assessable_weight * sum(weights.values())
    if not is_assessable or not known or not enough:
        return Tension(None, TensionLevel.NOT_ASSESSABLE, tuple(parts))
    index = weighted_mean(parts, thresholds.components)
    if index >= thresholds.shortage:
        return Tension(index, TensionLevel.SHORTAGE, tuple(parts))
    level = TensionLevel.WATCH if index >= thresholds.watch else TensionLevel.NONE
    return Tension(index, level, tuple(parts))
