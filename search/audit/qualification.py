"""Who qualifies for which post: all seekers against all vacancies, and against what changed only.

Every count is a sum over seekers, so after a change it is enough to take away what those who changed
counted for before and to add what they count for now; see `refresh`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.audit.bits import Words, unpack, widened, with_columns
from search.audit.counting import Counts, evaluate, joined, taken
from search.audit.inputs import RequiredCondition, SeekerFact
from search.audit.masks import mask, mask_table
from search.audit.plan import NO_ROWS, Numbers, Plan, Post, plan_of
from search.audit.population import ACTIVE, Population, placed, population_of, with_changes


@dataclass(frozen=True, eq=False)
class Qualification:
    """Who qualifies for the posts that are open.

    Attributes:
        facts: the seekers by id.
        population: they as sets.
        posts: in order of the vacancies' ids.
        rows: vacancy id to its place in `posts` and in every array of `counts`.
        counts: see `search.audit.counting.Counts`.
        by_role: row number to who qualifies for at least one of its posts, (words,).
    """

    facts: Mapping[str, SeekerFact] = field(repr=False)
    population: Population = field(repr=False)
    posts: tuple[Post, ...] = field(repr=False)
    rows: Mapping[str, int] = field(repr=False)
    counts: Counts = field(repr=False)
    by_role: Mapping[int, Words] = field(repr=False)

    def qualified(self, vacancy_id: str) -> tuple[str, ...]:
        """Return the ids of those who meet every required condition of a vacancy, sorted."""
        return self.population.names(self._set(vacancy_id, "met"))

    def possible(self, vacancy_id: str) -> tuple[str, ...]:
        """Return the ids of those who fail no condition, and of whom at least one is not known."""
        qualified = self._set(vacancy_id, "met")
        return self.population.names(self._set(vacancy_id, "open") & ~qualified)

    def matched(self, vacancy_id: str) -> tuple[str, ...]:
        """Return the ids of those whose wishes, headline or positions name the vacancy's role."""
        role = self.posts[self.rows[vacancy_id]].role
        if role is None:
            return ()
        named = mask(self.population, ("named", role))
        return self.population.names(named & self.population.held(ACTIVE))

    def qualified_without(
        self, vacancy_id: str, dropped: RequiredCondition | None
    ) -> tuple[str, ...]:
        """Return the ids of those who meet every condition but one that is dropped."""
        required = self.posts[self.rows[vacancy_id]].vacancy.required
        kept = tuple(condition for condition in required if condition != dropped)
        found = mask(self.population, ("met", kept)) & self.population.held(ACTIVE)
        return self.population.names(found)

    def _set(self, vacancy_id: str, kind: str) -> Words:
        required = self.posts[self.rows[vacancy_id]].vacancy.required
        return mask(self.population, (kind, required)) & self.population.held(ACTIVE)


def qualify(seekers: Iterable[SeekerFact], posts: Iterable[Post]) -> Qualification:
    """Judge all seekers by all posts.

    Args:
        seekers: each id once.
        posts: the vacancies that are open, each once, with the catalogue row that each counts for.
    """
    people = sorted(seekers, key=lambda seeker: seeker.id)
    population = population_of(people)
    ordered = _ordered(posts)
    plan = plan_of(ordered)
    counts, by_role = evaluate(plan, mask_table(population, plan.keys), np.arange(len(ordered)))
    return _qualification({one.id: one for one in people}, population, ordered, counts, by_role)


def refresh(
    before: Qualification,
    *,
    changed: Sequence[SeekerFact] = (),
    gone: Iterable[str] = (),
    posts: Iterable[Post] | None = None,
) -> Qualification:
    """Return the qualification after some records changed; the same as `qualify` of all of them.

    Args:
        before: the qualification before the change.
        changed: seekers that are new or have changed, as they are now.
        gone: ids of seekers who are there no more.
        posts: all posts as they are now; None where none changed.
    """
    after = placed(before.population, changed, gone)
    old = [_at(before, slot) for slot in after]
    population = with_changes(before.population, after)
    now = before.posts if posts is None else _ordered(posts)
    plan = plan_of(now)
    is_kept = np.array([_is_as_before(before, post) for post in now], np.bool_)
    kept, fresh = np.flatnonzero(is_kept), np.flatnonzero(~is_kept)
    counts = taken(before.counts, [before.rows[now[row].vacancy.id] for row in kept.tolist()])
    by_role = {role: widened(words, len(population)) for role, words in before.by_role.items()}
    if after:
        was, _ = _few(plan, old, kept, NO_ROWS)
        is_now, few_roles = _few(plan, list(after.values()), kept, fresh)
        counts = counts - was + is_now
        # A role that has no posts any more goes below.
        by_role |= _with_people(by_role, few_roles, np.fromiter(after, np.int64))
    renewed = _renewed_roles(before.posts, now)
    again = np.array([row for row in kept.tolist() if now[row].role in renewed], np.int64)
    table = mask_table(population, plan.keys, plan.used(np.concatenate([fresh, again])))
    fresh_counts, made = evaluate(plan, table, fresh, union_only=again)
    for role in renewed:
        by_role.pop(role, None)
    by_role.update({role: words for role, words in made.items() if role in renewed})
    order = np.argsort(np.concatenate([kept, fresh]))
    counts = taken(joined(counts, fresh_counts), order.tolist())
    facts = {**before.facts, **{one.id: one for one in changed}}
    for name in set(gone) - {one.id for one in changed}:
        facts.pop(name, None)
    return _qualification(facts, population, now, counts, by_role)


def _few(
    plan: Plan, people: Sequence[SeekerFact | None], rows: Numbers, union_only: Numbers
) -> tuple[Counts, dict[int, Words]]:
    return evaluate(plan, mask_table(population_of(people), plan.keys), rows, union_only)


def _with_people(
    by_role: Mapping[int, Words], few: Mapping[int, Words], slots: NDArray[np.int64]
) -> dict[int, Words]:
    """Return the sets of roles once the people in some slots are as the few sets say."""
    roles = sorted(by_role.keys() & few.keys())
    if not roles:
        return {}
    flags = np.stack([unpack(few[role], len(slots)) for role in roles])
    changed = with_columns(np.stack([by_role[role] for role in roles]), slots, flags)
    return dict(zip(roles, changed, strict=True))


def _is_as_before(before: Qualification, post: Post) -> bool:
    row = before.rows.get(post.vacancy.id)
    return row is not None and before.posts[row] == post


def _at(before: Qualification, slot: int) -> SeekerFact | None:
    if slot >= len(before.population):
        return None
    name = before.population.ids[slot]
    return None if name is None else before.facts[name]


def _renewed_roles(before: Sequence[Post], now: Sequence[Post]) -> set[int]:
    """Return the rows whose posts, or what these ask for, are not as they were."""
    asked = [
        {(post.vacancy.id, post.role, post.vacancy.required) for post in posts}
        for posts in (before, now)
    ]
    return {role for _, role, _ in asked[0] ^ asked[1] if role is not None}


def _ordered(posts: Iterable[Post]) -> tuple[Post, ...]:
    return tuple(sorted(posts, key=lambda post: post.vacancy.id))


def _qualification(
    facts: Mapping[str, SeekerFact],
    population: Population,
    posts: tuple[Post, ...],
    counts: Counts,
    by_role: Mapping[int, Words],
) -> Qualification:
    return Qualification(
        facts=facts,
        population=population,
        posts=posts,
        rows={post.vacancy.id: row for row, post in enumerate(posts)},
        counts=counts,
        by_role=by_role,
    )


def holders(population: Population, condition: RequiredCondition) -> int:
    """Return how many active people meet one condition, whatever else they lack."""
    found = mask(population, ("met", (condition,))) & population.held(ACTIVE)
    return int(np.bitwise_count(found).sum())
