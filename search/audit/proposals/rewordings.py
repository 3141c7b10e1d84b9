"""Rows to reword: their duty no longer resembles what is asked for under them now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from search.audit.catalogue_demand import Demand
from search.audit.proposals.counting import employers_of, examples_of
from search.audit.proposals.resemblance import NewTerm, new_terms, resemblance
from search.audit.terms import are_chinese


@dataclass(frozen=True, slots=True)
class Rewording:
    """A row whose duty no longer resembles what is asked for under it.

    Attributes:
        role: the row.
        resemblance: 0 to 1, between its words and those of the postings; see `resemblance`.
        records, employers: how many postings were read.
        new: terms that postings use and the row does not, by how many use them.
        unused: terms of the row that no posting uses.
        examples: ids of records, those with most new terms first.
    """

    role: int
    resemblance: float
    records: int
    employers: int
    new: tuple[NewTerm, ...]
    unused: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row beside the demand linked to it.

    Attributes:
        role: the row.
        own: its terms.
        resemblance: 0 to 1, between these and those of the demand; see `resemblance`.
        demand: what was compared.
        roles_with: under how many rows a term is asked for at all.
    """

    role: int
    own: frozenset[str]
    resemblance: float
    demand: tuple[Demand, ...] = field(repr=False)
    roles_with: Mapping[str, int] = field(repr=False)


def compare_rows(
    duties: Iterable[tuple[int, Collection[str]]],
    demand: Iterable[Demand],
    *,
    records_at_least: int = 5,
    employers_at_least: int = 3,
) -> tuple[ComparedRow, ...]:
    """Compare rows with what is asked for under them; rows of which too little is asked are left out.

    Demand written without Chinese is left out too: it shares no word with a duty, whatever it asks for.

    Args:
        duties: row and terms of each (title and duty).
        demand: postings and declarations; those without role or Chinese terms are left out.
        records_at_least: postings and declarations that a comparison needs.
        employers_at_least: different employers that it needs.
    """
    by_role: defaultdict[int, list[Demand]] = defaultdict(list)
    for item in demand:
        if item.role is not None and are_chinese(item.terms):
            by_role[item.role].append(item)
    roles_with: Counter[str] = Counter()
    for items in by_role.values():
        roles_with.update({term for item in items for term in item.terms})
    found = []
    for role, terms in duties:
        items = by_role.get(role, [])
        if len(items) < records_at_least or employers_of(items) < employers_at_least:
            continue
        own = frozenset(terms)
        alike = resemblance(own, [item.terms for item in items], roles_with, len(by_role))
        found.append(ComparedRow(role, own, alike, tuple(items), roles_with))
    return tuple(found)


def propose_rewordings(
    rows: Iterable[ComparedRow],
    *,
    resembling_at_least: float,
    share_at_least: float = 0.3,
    most_terms: int = 15,
) -> tuple[Rewording, ...]:
    """Propose to reword rows whose words are no longer those of the demand, least alike first.

    Args:
        rows: see `compare_rows`.
        resembling_at_least: a row that resembles its demand this much is left alone.
        share_at_least: share of the postings, 0 to 1, that must use a term for it to be named.
        most_terms: named at most, of the new and of the unused ones.
    """
    proposals = []
    for row in rows:
        if row.resemblance >= resembling_at_least:
            continue
        texts = [item.terms for item in row.demand]
        new = new_terms(row.own, texts, row.roles_with, share_at_least)[:most_terms]
        names = frozenset(term.term for term in new)
        used = frozenset().union(*texts)
        proposals.append(
            Rewording(
                role=row.role,
                resemblance=row.resemblance,
                records=len(row.demand),
                employers=employers_of(row.demand),
                new=new,
                unused=tuple(sorted(row.own - used))[:most_terms],
                examples=examples_of(
                    (item.id, len(names.intersection(item.terms))) for item in row.demand
                ),
            )
        )
    return tuple(sorted(proposals, key=lambda one: (one.resemblance, one.role)))
