"""How alike a row of the catalogue and the postings linked to it are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term that postings of a row use and the row does not.

    Attributes:
        term: as the terms of texts are given.
        records: postings of the row that use it.
        share: of all its postings, 0 to 1.
        roles: rows under whose postings it appears at all; of few rows, it tells much.
    """

    term: str
    records: int
    share: float
    roles: int


def resemblance(
    own: Set[str], texts: Sequence[Collection[str]], roles_with: Mapping[str, int], roles: int
) -> float:
    """Return how alike a row and its postings are, 0 to 1: a cosine of weighted terms.

    cosine = sum of a*b / (|a| |b|), a = idf in the row, b = idf * share of the postings with the term,
    idf = log((1 + roles) / (1 + roles with the term)) + 1 (Salton & Buckley 1988, Information Processing &
    Management 24(5); smoothed).

    Args:
        own: terms of the row.
        texts: terms of each posting.
        roles_with: under how many rows a term appears in postings.
        roles: how many rows have postings.
    """

    def idf(term: str) -> float:
        return math.log((1 + roles) / (1 + roles_with.get(term, 0))) + 1

    used = Counter(term for text in texts for term in set(text))
    a = {term: idf(term) for term in own}
    b = {term: idf(term) * count / len(texts) for term, count in used.items()}
    product = sum(weight * b[term] for term, weight in sorted(a.items()) if term in b)
    length = math.hypot(*sorted(a.values())) * math.hypot(*sorted(b.values()))
    return min(product / length, 1.0) if length else 0.0


def new_terms(
    own: Set[str],
    texts: Sequence[Collection[str]],
    roles_with: Mapping[str, int],
    share_at_least: float,
) -> tuple[NewTerm, ...]:
    """Return the terms that many postings use and the row does not; the most used and rarest elsewhere first."""
    used = Counter(term for text in texts for term in set(text))
    found = (
        NewTerm(term, count, count / len(texts), roles_with.get(term, 0))
        for term, count in used.items()
        if term not in own and count / len(texts) >= share_at_least
    )
    return tuple(sorted(found, key=lambda one: (-one.records, one.roles, one.term)))
