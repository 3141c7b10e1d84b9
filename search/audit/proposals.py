"""Proposals for the next release of a catalogue: what to add, what to drop, what to reword, each with evidence.

A proposal decides nothing. It says what was counted, in which records, and an office accepts it or not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from search.audit.catalogue_demand import Demand
from search.audit.months import last_whole_month, month_of, months_between, shifted
from search.audit.resemblance import NewTerm, new_terms, resemblance, title_similarity

#: Records named as evidence, at most; the counts are of all.
MOST_EXAMPLES = 20


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


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A row that nobody has asked for.

    Attributes:
        role: the row.
        months: whole months without demand, up to the day of the proposal.
        last: day of the latest demand before; None where there never was any.
    """

    role: int
    months: int
    last: date | None


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


def propose_additions(
    demand: Iterable[Demand],
    *,
    posts_at_least: int = 5,
    employers_at_least: int = 3,
    similar_at_least: float = 0.6,
    similarity: Callable[[str, str], float] = title_similarity,
) -> tuple[Addition, ...]:
    """Propose roles for demand that is linked to none, by posts.

    Titles are put together around the most wanted one (leader clustering, Hartigan 1975, Clustering
    Algorithms, chapter 3): in order of posts each joins the first leader that it resembles, or leads.

    Args:
        demand: postings and declarations; those with a role are left out.
        posts_at_least: posts that a proposal needs.
        employers_at_least: different employers that it needs, so that none can propose its own alone.
        similar_at_least: similarity, 0 to 1, from which two titles are one role.
        similarity: of two titles, 0 to 1.
    """
    by_title: defaultdict[str, list[Demand]] = defaultdict(list)
    for item in demand:
        if item.role is None:
            by_title[item.title].append(item)
    titles = sorted(by_title, key=lambda title: (-_posts(by_title[title]), title))
    groups: list[list[str]] = []
    for title in titles:
        near = (group for group in groups if similarity(group[0], title) >= similar_at_least)
        found = next(near, None)
        if found is None:
            groups.append([title])
        else:
            found.append(title)
    proposals = []
    for group in groups:
        items = [item for title in group for item in by_title[title]]
        employers = _employers(items)
        if _posts(items) >= posts_at_least and employers >= employers_at_least:
            days = [item.on for item in items if item.on is not None]
            proposals.append(
                Addition(
                    title=group[0],
                    titles=tuple(group),
                    posts=_posts(items),
                    employers=employers,
                    first=min(days, default=None),
                    last=max(days, default=None),
                    examples=_examples((item.id, item.posts) for item in items),
                )
            )
    return tuple(sorted(proposals, key=lambda one: (-one.posts, one.title)))


def propose_withdrawals(
    roles: Iterable[int],
    demand: Iterable[Demand],
    as_of: date,
    *,
    months: int = 12,
    since: date | None = None,
) -> tuple[Withdrawal, ...]:
    """Propose to drop rows without demand in the last whole months; none where these were not observed.

    Args:
        roles: rows of the catalogue.
        demand: postings and declarations; undated ones keep their row, since they may be recent, and so
            do those for months to come.
        as_of: day of the proposal.
        months: whole months without demand.
        since: when counting began; by default the earliest dated record of any role.
    """
    items = list(demand)
    days = [item.on for item in items if item.on is not None]
    observed = since or min(days, default=None)
    last_month = last_whole_month(as_of)
    first_month = shifted(last_month, 1 - months)
    if observed is None or observed > first_month:
        return ()
    latest: dict[int, date] = {}
    kept: set[int] = set()
    for item in items:
        if item.role is None:
            continue
        if item.last is None or item.last >= first_month:
            kept.add(item.role)
        else:
            latest[item.role] = max(item.last, latest.get(item.role, date.min))
    return tuple(
        Withdrawal(
            role=role,
            months=months_between(month_of(latest.get(role, observed)), last_month)
            + (role not in latest),
            last=latest.get(role),
        )
        for role in roles
        if role not in kept
    )


def propose_rewordings(
    duties: Iterable[tuple[int, str]],
    demand: Iterable[Demand],
    *,
    terms: Callable[[str], Collection[str]],
    records_at_least: int = 5,
    employers_at_least: int = 3,
    resembling_at_least: float = 0.2,
    share_at_least: float = 0.3,
    most_terms: int = 15,
) -> tuple[Rewording, ...]:
    """Propose to reword rows whose words are no longer those of the postings, least alike first.

    Args:
        duties: row and words of each (title and duty).
        demand: postings and declarations; those without role or text are left out.
        terms: words, or skills, of a text.
        records_at_least: postings that a proposal needs.
        employers_at_least: different employers that it needs.
        resembling_at_least: a row that resembles its postings this much is left alone.
        share_at_least: share of the postings, 0 to 1, that must use a term for it to be named.
        most_terms: named at most, of the new and of the unused ones.
    """
    by_role: defaultdict[int, list[Demand]] = defaultdict(list)
    for item in demand:
        if item.role is not None and item.text.strip():
            by_role[item.role].append(item)
    said = {
        role: [frozenset(terms(f"{item.title}\n{item.text}")) for item in items]
        for role, items in by_role.items()
    }
    spread = Counter(term for texts in said.values() for term in frozenset().union(*texts))
    proposals = []
    for role, words in duties:
        items, texts = by_role.get(role, []), said.get(role, [])
        if len(items) < records_at_least or _employers(items) < employers_at_least:
            continue
        own = frozenset(terms(words))
        alike = resemblance(own, texts, spread, len(said))
        if alike >= resembling_at_least:
            continue
        new = new_terms(own, texts, spread, share_at_least)[:most_terms]
        names = frozenset(term.term for term in new)
        used = frozenset().union(*texts)
        weights = [(item.id, len(text & names)) for item, text in zip(items, texts, strict=True)]
        proposals.append(
            Rewording(
                role=role,
                resemblance=alike,
                records=len(items),
                employers=_employers(items),
                new=new,
                unused=tuple(sorted(own - used))[:most_terms],
                examples=_examples(weights),
            )
        )
    return tuple(sorted(proposals, key=lambda one: (one.resemblance, one.role)))


def _posts(items: Iterable[Demand]) -> int:
    return sum(item.posts for item in items)


def _employers(items: Iterable[Demand]) -> int:
    # An unnamed employer could be one of the named ones.
    return len({item.employer.strip().casefold() for item in items if item.employer})


def _examples(weights: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    heaviest: dict[str, int] = {}
    for id, weight in weights:
        heaviest[id] = max(weight, heaviest.get(id, 0))
    return tuple(sorted(heaviest, key=lambda id: (-heaviest[id], id)))[:MOST_EXAMPLES]
