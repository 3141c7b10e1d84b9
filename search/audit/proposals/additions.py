"""Roles to add: what is asked for and stands in no row.

A proposal decides nothing. It says what was counted, in which records, and an office accepts it or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search.audit.catalogue_demand import Demand
from search.audit.proposals.counting import employers_of, examples_of, posts_of
from search.audit.proposals.titles import grouped


@dataclass(frozen=True, slots=True)
class Addition:
    """A role that is asked for and stands in no row.

    Attributes:
        title: the title most posts are asked for by.
        titles: all titles put together under it, by posts.
        posts, employers: how many; both reach the minimum asked for.
        first, last: days of the earliest and latest record; None where none is dated.
        examples: ids of records, those of most posts first.
    """

    title: str
    titles: tuple[str, ...]
    posts: int
    employers: int
    first: date | None
    last: date | None
    examples: tuple[str, ...]


def propose_additions(
    demand: Iterable[Demand],
    *,
    posts_at_least: int = 5,
    employers_at_least: int = 3,
    similar_at_least: float = 0.6,
) -> tuple[Addition, ...]:
    """Propose roles for demand that is linked to none, by posts.

    Titles are put together around the most wanted one (leader clustering, Hartigan 1975, Clustering
    Algorithms, chapter 3): in order of posts each joins the first leader that it resembles, or leads.

    Args:
        demand: postings and declarations; those with a role are left out.
        posts_at_least: posts that a proposal needs.
        employers_at_least: different employers that it needs, so that none can propose its own alone.
        similar_at_least: similarity, 0 to 1, from which two titles are one role.
    """
    by_title: defaultdict[str, list[Demand]] = defaultdict(list)
    for item in demand:
        if item.role is None:
            by_title[item.title].append(item)
    titles = sorted(by_title, key=lambda title: (-posts_of(by_title[title]), title))
    proposals = []
    for group in grouped(titles, similar_at_least):
        items = [item for title in group for item in by_title[title]]
        employers = employers_of(items)
        if posts_of(items) >= posts_at_least and employers >= employers_at_least:
            days = [item.on for item in items if item.on is not None]
            proposals.append(
                Addition(
                    title=group[0],
                    titles=tuple(group),
                    posts=posts_of(items),
                    employers=employers,
                    first=min(days, default=None),
                    last=max(days, default=None),
                    examples=examples_of((item.id, item.posts) for item in items),
                )
            )
    return tuple(sorted(proposals, key=lambda one: (-one.posts, one.title)))
