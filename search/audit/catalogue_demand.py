"""What is asked for, as proposals and lineage see it: postings and declarations alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from search.records.models import Vacancy


@dataclass(frozen=True, slots=True)
class Demand:
    """One posting or declaration.

    Attributes:
        id: of the record.
        source: which of the two.
        title: as the employer writes it.
        text: duties and requirements; may be empty.
        posts: headcount, 1 where none is stated.
        employer: who asks; None where not stated, which counts as nobody.
        role: row of the catalogue; None where it is linked to none.
        on: day of the posting, or first day of the months declared; None where not stated.
        until: last day declared; None where only the first is known.
    """

    id: str
    source: Literal["vacancy", "declaration"]
    title: str
    text: str
    posts: int
    employer: str | None
    role: int | None
    on: date | None
    until: date | None = None

    @property
    def last(self) -> date | None:
        """Return the last day on which it was known to hold; None where it has no day at all."""
        return self.until or self.on


def demand_of(id: str, vacancy: Vacancy, role: int | None) -> Demand:
    """Return what a posting asks for.

    Args:
        id: of the record.
        vacancy: the posting.
        role: row that it is linked to, stated or found; None where it is none.
    """
    return Demand(
        id=id,
        source="vacancy",
        title=vacancy.title,
        text="\n".join([vacancy.text, *(skill.name for skill in vacancy.skills)]).strip(),
        posts=vacancy.headcount or 1,
        employer=vacancy.employer,
        role=role,
        on=vacancy.posted,
    )
