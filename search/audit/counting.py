"""Counting: for each vacancy how many people qualify, here, elsewhere, and without each condition.

With `met_i` the people who meet condition i, let `one` be those who fail at least one condition and `two` those
who fail at least two. Who qualifies is not in `one`; who would if condition i alone were dropped is one
of those, or is in `one` and not in `two` and fails i. So one pass over the conditions serves them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from search.audit.bits import Words, count
from search.audit.masks import MaskTable
from search.audit.plan import NO_ROWS, Numbers, Plan

#: Words that are worked on at once, over all vacancies of a batch: 1 MiB, what a core keeps at hand.
_BATCH_WORDS = 131_072


@dataclass(frozen=True, eq=False)
class Counts:
    """How many active people, by vacancy: every array (vacancies,) and int64.

    Attributes:
        qualified: meet every required condition.
        possible: fail none, and of at least one it is not known.
        matched: their wishes, headline or positions name the role; 0 where the vacancy has none.
        matched_qualified: both.
        anywhere: meet every required condition but those of place.
        here: of these, who is or would go where the vacancy is (its required places, else its city).
        here_unknown: of these, of whom that is not known.
        above: of `here` and `here_unknown`, who wishes for more pay than the most that is offered.
        dropped: (vacancies, most conditions): qualified if that condition were dropped, in the order of
            `VacancyFact.required`; 0 beyond its last.
    """

    qualified: Numbers
    possible: Numbers
    matched: Numbers
    matched_qualified: Numbers
    anywhere: Numbers
    here: Numbers
    here_unknown: Numbers
    above: Numbers
    dropped: Numbers

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(mine + its for mine, its in _pairs(self, other)))

    def __sub__(self, other: Counts) -> Counts:
        return Counts(*(mine - its for mine, its in _pairs(self, other)))

    @property
    def elsewhere(self) -> Numbers:
        """Those of `anywhere` who are known to be, and to look for work, in other places only."""
        return self.anywhere - self.here - self.here_unknown


def taken(counts: Counts, rows: Sequence[int]) -> Counts:
    """Return the counts of some vacancies, in the order given."""
    places = np.array(rows, np.int64)
    return Counts(*(getattr(counts, entry.name)[places] for entry in fields(Counts)))


def joined(first: Counts, second: Counts) -> Counts:
    """Return the counts of two lists of vacancies, one after the other."""
    return Counts(*(np.concatenate(pair) for pair in _pairs(first, second)))


def evaluate(
    plan: Plan, table: MaskTable, rows: Numbers, union_only: Numbers = NO_ROWS
) -> tuple[Counts, dict[int, Words]]:
    """Count for some posts, and say for each role who qualifies for at least one of them.

    Args:
        plan: the posts.
        table: the sets that these posts need.
        rows: which posts to count for.
        union_only: which only add to the second part of the answer.
    """
    flat = [np.zeros(len(rows), np.int64) for _ in fields(Counts)[:-1]]
    found = Counts(*[*flat, np.zeros((len(rows), plan.met.shape[1]), np.int64)])
    by_role: dict[int, Words] = {}
    for places in _batches(plan, rows, table):
        _count(plan, table, rows[places], places, found, by_role)
    for places in _batches(plan, union_only, table):
        chosen = union_only[places]
        _add_to_roles(by_role, plan, chosen, _all(table, _narrow(plan.met, plan, chosen)))
    return found, by_role


def _count(
    plan: Plan,
    table: MaskTable,
    rows: Numbers,
    places: Numbers,
    found: Counts,
    by_role: dict[int, Words],
) -> None:
    base, words = table.active, table.words
    met = _narrow(plan.met, plan, rows)
    one = np.zeros((len(rows), len(base)), np.uint64)
    two = np.zeros_like(one)
    for column in met.T:
        fails = ~words[column]
        two |= one & fails
        one |= fails
    qualified, by_one = base & ~one, one & ~two & base
    found.qualified[places] = all_met = count(qualified)
    found.possible[places] = count(_all(table, _narrow(plan.open, plan, rows))) - all_met
    for number, column in enumerate(met.T):
        without = all_met + count(by_one & ~words[column])
        found.dropped[places, number] = np.where(number < plan.lengths[rows], without, 0)
    _add_to_roles(by_role, plan, rows, qualified)
    named = words[plan.named[rows]]
    found.matched[places] = count(named & base)
    found.matched_qualified[places] = count(qualified & named)
    unplaced = _narrow(plan.met_anywhere, plan, rows)
    anywhere = qualified if np.array_equal(met, unplaced) else _all(table, unplaced)
    reach = anywhere & words[plan.site_open[rows]]
    here = count(anywhere & words[plan.site_met[rows]])
    found.anywhere[places] = count(anywhere)
    found.here[places] = here
    found.here_unknown[places] = count(reach) - here
    found.above[places] = count(reach & words[plan.above[rows]])


def _all(table: MaskTable, keys: Numbers) -> Words:
    """Return the active people who are in all of the sets of each line of keys, (lines, words)."""
    found = np.repeat(table.active[np.newaxis], len(keys), axis=0)
    for column in keys.T:
        found &= table.words[column]
    return found


def _narrow(keys: Numbers, plan: Plan, rows: Numbers) -> Numbers:
    """Return the keys of some posts, as wide as the one with most conditions."""
    return keys[rows, : plan.lengths[rows].max(initial=0)]


def _add_to_roles(by_role: dict[int, Words], plan: Plan, rows: Numbers, qualified: Words) -> None:
    for place, row in enumerate(rows.tolist()):
        role = plan.posts[row].role
        if role is not None:
            held = by_role.get(role)
            by_role[role] = qualified[place].copy() if held is None else held | qualified[place]


def _batches(plan: Plan, rows: Numbers, table: MaskTable) -> Iterator[Numbers]:
    """Yield places of rows, those of like many conditions together."""
    order = np.argsort(plan.lengths[rows], kind="stable")
    size = max(1, _BATCH_WORDS // max(1, len(table.active)))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _pairs(first: Counts, second: Counts) -> Iterator[tuple[Numbers, Numbers]]:
    for entry in fields(Counts):
        mine, its = getattr(first, entry.name), getattr(second, entry.name)
        if mine.ndim == 2 and mine.shape[1] != its.shape[1]:
            wide = max(mine.shape[1], its.shape[1])
            mine, its = (np.pad(one, ((0, 0), (0, wide - one.shape[1]))) for one in (mine, its))
        yield mine, its
