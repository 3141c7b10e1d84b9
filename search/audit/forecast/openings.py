"""Monthly openings of a role: posts offered, by the month of the posting.

    openings(r, t) = sum of the headcounts of the vacancies of role r posted in month t

A vacancy without a headcount counts one post and is flagged. A month that is not over is left out:
its count would look like a fall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from search.audit.months import last_whole_month, month_of, months_between, shifted


class Opening(Protocol):
    """What is counted of a vacancy; `search.records.models.Vacancy` is one."""

    @property
    def role(self) -> int | None:
        """Row of the catalogue, None where it is linked to none."""

    @property
    def headcount(self) -> int | None:
        """Posts offered; None where not stated."""

    @property
    def posted(self) -> date | None:
        """Day of the posting; None where not stated."""


@dataclass(frozen=True, slots=True)
class MonthlyOpenings:
    """Posts by role and month, with what could not be counted.

    Attributes:
        months: first days of the months counted, in order and without a gap; may be empty.
        by_role: role and its posts of each month, for every role that had any.
        assumed: vacancies counted as one post because no headcount was stated.
        undated: vacancies left out because no day of posting was stated.
        unlinked: vacancies left out because they belong to no role.
        outside: vacancies left out because they were posted before the first or after the last month.
    """

    months: tuple[date, ...]
    by_role: tuple[tuple[int, tuple[int, ...]], ...]
    assumed: int
    undated: int
    unlinked: int
    outside: int

    def series(self, role: int) -> tuple[int, ...]:
        """Return the posts of a role in each month, zeros where it had none."""
        return dict(self.by_role).get(role, (0,) * len(self.months))

    @property
    def total(self) -> tuple[int, ...]:
        """Posts of all roles together in each month."""
        return tuple(
            map(sum, zip(*(held for _, held in self.by_role), strict=True))
        ) or self.series(0)


def monthly_openings(
    facts: Iterable[Opening], upto: date, *, since: date | None = None
) -> MonthlyOpenings:
    """Count openings by role and month, up to the last month that is over on a day.

    Args:
        facts: vacancies, open and closed.
        upto: the day of the count (`as_of`).
        since: when counting began; by default the month of the first dated vacancy of any role, so
            that a month without an opening is a zero and no gap.
    """
    facts = list(facts)
    last = last_whole_month(upto)
    days = [fact.posted for fact in facts if fact.posted is not None]
    first = month_of(since or min(days, default=upto))
    length = max(months_between(first, last) + 1, 0)
    counts: dict[int, list[int]] = {}
    left: Counter[str] = Counter()
    for fact in facts:
        place = -1 if fact.posted is None else months_between(first, fact.posted)
        if fact.posted is None:
            left["undated"] += 1
        elif not 0 <= place < length:
            left["outside"] += 1
        elif fact.role is None:
            left["unlinked"] += 1
        else:
            left["assumed"] += fact.headcount is None
            posts = 1 if fact.headcount is None else fact.headcount
            counts.setdefault(fact.role, [0] * length)[place] += posts
    return MonthlyOpenings(
        months=tuple(shifted(first, place) for place in range(length)),
        by_role=tuple((role, tuple(counts[role])) for role in sorted(counts)),
        assumed=left["assumed"],
        undated=left["undated"],
        unlinked=left["unlinked"],
        outside=left["outside"],
    )
