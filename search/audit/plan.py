"""Which sets the counting of some posts needs, as numbers: written out once, used for every population."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.audit.inputs import ConditionAspect, RequiredCondition, VacancyFact
from search.audit.masks import EVERYBODY, NOBODY, MaskKey
from search.audit.places import OUTSIDE, UNKNOWN_PLACE, city_of

Numbers = NDArray[np.int64]
NO_ROWS: Numbers = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Post:
    """A vacancy with the catalogue row that it counts for; None for demand that has no row."""

    vacancy: VacancyFact
    role: int | None


@dataclass(frozen=True, eq=False)
class Plan:
    """Posts with the keys of their sets; a number is a place in `keys`.

    Attributes:
        posts: in order.
        keys: every set that is needed, once; the first is everybody, which stands beyond a post's last
            condition.
        lengths: conditions of each post.
        met, open: (posts, most conditions): who meets each, and who is not known to fail it.
        met_anywhere: `met`, with everybody in the place of conditions of place.
        site_met, site_open: (posts,): who is or would go where the post is, or may.
        named: (posts,): whose wishes, headline or positions name the role.
        above: (posts,): who wishes for more than is offered.
    """

    posts: tuple[Post, ...] = field(repr=False)
    keys: tuple[MaskKey, ...] = field(repr=False)
    lengths: Numbers = field(repr=False)
    met: Numbers = field(repr=False)
    open: Numbers = field(repr=False)
    met_anywhere: Numbers = field(repr=False)
    site_met: Numbers = field(repr=False)
    site_open: Numbers = field(repr=False)
    named: Numbers = field(repr=False)
    above: Numbers = field(repr=False)

    def used(self, rows: Numbers) -> frozenset[int]:
        """Return the places in `keys` that some posts need."""
        columns = (self.met, self.open, self.met_anywhere)
        single = (self.site_met, self.site_open, self.named, self.above)
        parts = [part[rows].ravel() for part in (*columns, *single)]
        return frozenset({0, *np.unique(np.concatenate(parts)).tolist()})


def plan_of(posts: Sequence[Post]) -> Plan:
    """Write out which sets posts need."""
    keys: dict[MaskKey, int] = {EVERYBODY: 0}
    seen: dict[tuple[RequiredCondition, ...], Sequence[Sequence[int]]] = {}

    def number(key: MaskKey) -> int:
        return keys.setdefault(key, len(keys))

    def numbers(required: tuple[RequiredCondition, ...]) -> Sequence[Sequence[int]]:
        if required not in seen:
            met = [number(("met", (one,))) for one in required]
            unplaced = [0 if is_place(one) else key for one, key in zip(required, met, strict=True)]
            seen[required] = met, [number(("open", (one,))) for one in required], unplaced
        return seen[required]

    found = [numbers(post.vacancy.required) for post in posts]
    lengths = np.array([len(held[0]) for held in found], np.int64)
    most = int(lengths.max(initial=0))
    tables = [np.zeros((len(posts), most), np.int64) for _ in range(3)]
    for row, held in enumerate(found):
        for table, line in zip(tables, held, strict=True):
            table[row, : len(line)] = line
    sites = [tuple(map(number, _site(post.vacancy))) for post in posts]
    return Plan(
        posts=tuple(posts),
        lengths=lengths,
        met=tables[0],
        open=tables[1],
        met_anywhere=tables[2],
        site_met=np.array([site[0] for site in sites], np.int64),
        site_open=np.array([site[1] for site in sites], np.int64),
        named=np.array([number(_named(post)) for post in posts], np.int64),
        above=np.array([number(_above(post.vacancy)) for post in posts], np.int64),
        keys=tuple(keys),
    )


def is_place(condition: RequiredCondition) -> bool:
    """Say whether a condition says where one must be."""
    return condition.aspect is ConditionAspect.PLACE and not condition.banned


def _site(vacancy: VacancyFact) -> Iterator[MaskKey]:
    """Yield who is or would go where the vacancy is, and the same with those of whom it is not known."""
    bound = tuple(condition for condition in vacancy.required if is_place(condition))
    if not bound:
        city = city_of(vacancy.region)
        code = vacancy.region if city == OUTSIDE else city
        if code is not None and code != UNKNOWN_PLACE:
            bound = (RequiredCondition(ConditionAspect.PLACE, (code,)),)
    yield from (("met", bound), ("open", bound))


def _named(post: Post) -> MaskKey:
    return NOBODY if post.role is None else ("named", post.role)


def _above(vacancy: VacancyFact) -> MaskKey:
    return NOBODY if vacancy.pay_most is None else ("above", vacancy.pay_most)
