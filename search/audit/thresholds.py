"""Every number that a figure depends on and that somebody chose, in one frozen value with a version."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the Bole tension index.

    Attributes:
        name: see `search.audit.measures.tension`.
        weight: in the weighted mean.
        cuts: values from which it scores 1, 2 and 3 points.
    """

    name: str
    weight: float
    cuts: tuple[float, float, float]


#: Weights and cuts are ours. The scale of 0-3 points is that of Germany's Engpassanalyse
#: (statistik.arbeitsagentur.de), the half of `unfilled` Australia's fill rate below 50 % (SPL 2022).
COMPONENTS = (
    Component("posts_per_declared", 2.0, (1.0, 1.5, 2.0)),
    Component("posts_per_qualified", 2.0, (1.0, 2.0, 4.0)),
    Component("median_days_open", 1.0, (30.0, 60.0, 90.0)),
    Component("share_open_long", 1.0, (0.1, 0.25, 0.5)),
    Component("share_unmet", 2.0, (0.1, 0.25, 0.5)),
    Component("unfilled", 1.0, (0.33, 0.5, 0.67)),
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What was chosen; figures of different thresholds are not one series.

    Attributes:
        version: of this choice; who changes a number gives it another.
        enough: people per post below which it is short of people (k).
        long_days: days after which a post counts as open for long.
        stale_days: days after which a seeker who has not said so again counts as stale.
        confidence: least confidence from which a vacancy counts for a row of the catalogue.
        minimum_posts: posts below which ratios are not assessable (X).
        minimum_people: seekers below which ratios are not assessable, unless there are none.
        cause_share: least share of a line's posts that a cause must touch to be named.
        resemblance: least cosine of the words of a duty and of its live postings.
        shortage: points of the tension index from which it says shortage.
        watch: points from which it says watch.
        assessable_weight: least share of the weights that must be known.
        components: of the tension index.
    """

    version: str = "2026-2"
    enough: int = 5
    long_days: int = 90
    stale_days: int = 90
    confidence: float = 0.5
    minimum_posts: int = 5
    minimum_people: int = 5
    cause_share: float = 0.2
    resemblance: float = 0.2
    shortage: float = 2.0
    watch: float = 1.5
    assessable_weight: float = 0.5
    components: tuple[Component, ...] = COMPONENTS
