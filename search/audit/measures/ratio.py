"""求人倍率 and 缺口数: demand against supply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Assessment(StrEnum):
    """Whether a figure can be read."""

    ASSESSABLE = "assessable"
    NO_SEEKERS = "no_seekers"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Posts per seeker; `value` is None unless assessable."""

    value: float | None
    state: Assessment


def ratio(posts: int, people: float) -> float | None:
    """Return 求人倍率 = D / S; None where nobody seeks (printed as such, never as infinity).

    Above 1, demand exceeds supply. Source: China human-resources market information monitoring centre,
    quarterly analyses (岗位空缺与求职人数的比率); the same shape as θ = V/U.

    >>> ratio(30, 20), ratio(30, 0)
    (1.5, None)
    """
    return posts / people if people else None


def gap(posts: int, people: int) -> int:
    """Return 缺口数 = D − S; negative where more people seek than posts are open.

    Source: the ministry's quarterly list of the hundred occupations with the largest gap (最缺工).

    >>> gap(30, 20), gap(2, 5)
    (10, -3)
    """
    return posts - people


def assessed(posts: int, people: int, *, minimum_posts: int, minimum_people: int) -> Ratio:
    """Return the ratio with whether it can be read.

    Below a minimum cell it is X, not assessable, as in Germany's Engpassanalyse; the minimum is ours.

    >>> assessed(30, 20, minimum_posts=5, minimum_people=5).value
    1.5
    >>> assessed(30, 0, minimum_posts=5, minimum_people=5).state.value
    'no_seekers'
    >>> assessed(30, 2, minimum_posts=5, minimum_people=5).state.value
    'not_assessable'
    """
    if posts < minimum_posts or 0 < people < minimum_people:
        return Ratio(None, Assessment.NOT_ASSESSABLE)
    if not people:
        return Ratio(None, Assessment.NO_SEEKERS)
    return Ratio(ratio(posts, people), Assessment.ASSESSABLE)
