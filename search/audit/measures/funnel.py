"""The funnel of a post: matched, qualified, shortlisted, hired; and where it narrows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Funnel:
    """Pairs of a person and an open vacancy, and what they come to per post.

    Attributes:
        posts: D, what "per post" divides by.
        matched: pairs in which wishes, headline or positions name the role.
        qualified: of these, pairs in which every required condition is met.
        possible: pairs in which none is failed and some are unknown, whether matched or not.
        recorded: vacancies with at least one recorded outcome.
        qualified_recorded: of `qualified`, those of such vacancies.
        shortlisted: pairs that came to a shortlist or further; None where no outcome is recorded.
        hired: pairs that ended in a hire; None likewise.
    """

    posts: int
    matched: int
    qualified: int
    possible: int
    recorded: int
    qualified_recorded: int
    shortlisted: int | None
    hired: int | None

    @property
    def matched_per_post(self) -> float | None:
        """Matched people per open post."""
        return per_post(self.matched, self.posts)

    @property
    def qualified_per_post(self) -> float | None:
        """Qualified people per open post."""
        return per_post(self.qualified, self.posts)

    @property
    def suitability_gap(self) -> float | None:
        """See `suitability_gap`."""
        return suitability_gap(self.qualified_recorded, self.shortlisted, self.recorded)


def per_post(pairs: int | None, posts: int) -> float | None:
    """Return people per post = pairs / posts; None where there are no posts or nothing is recorded.

    Source: applicants, qualified and suitable per vacancy, Jobs and Skills Australia, Skills Shortage
    Quarterly, March 2023; we divide by posts.

    >>> per_post(12, 8), per_post(3, 0), per_post(None, 4)
    (1.5, None, None)
    """
    return pairs / posts if pairs is not None and posts else None


def suitability_gap(qualified: int, suitable: int | None, vacancies: int) -> float | None:
    """Return (qualified − suitable) / vacancies, suitable being those shortlisted.

    Positive: people meet what the posting requires, and employers do not find them suitable. Source:
    suitability gap, Jobs and Skills Australia, skills shortages analysis.

    >>> suitability_gap(20, 8, 4), suitability_gap(20, None, 0)
    (3.0, None)
    """
    return (qualified - suitable) / vacancies if suitable is not None and vacancies else None
