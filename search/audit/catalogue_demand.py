"""What is asked for, as proposals and lineage see it: postings and declarations alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Demand:
    """One posting or declaration.

    Attributes:
        id: of the record.
        source: which of the two.
        title: as the employer writes it.
        posts: headcount, 1 where none is stated.
        employer: who asks; None where not stated, which counts as nobody.
        role: row of the catalogue; None where it is linked to none.
        on: day of the posting, or first day of the months declared; None where not stated.
        until: last day declared; None where only the first is known.
        terms: of title, duties and requirements (`search.audit.terms`); may be empty.
    """

    id: str
    source: Literal["vacancy", "declaration"]
    title: str
    posts: int
    employer: str | None
    role: int | None
    on: date | None
    until: date | None = None
    terms: tuple[str, ...] = ()

    @property
    def last(self) -> date | None:
        """Return the last day on which it was known to hold; None where it has no day at all."""
        return self.until or self.on
