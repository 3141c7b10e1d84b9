"""All seekers as columns: numbers, and for everything that one can hold the set of who holds it.

A seeker has a slot; a slot keeps its place while others come and go, so that sets made earlier can be
changed in the columns of those who changed. The slot of who has gone is empty: nobody is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from search.audit.bits import Words, pack, unpack, widened, width, with_columns
from search.audit.inputs import SeekerFact
from search.audit.places import city_of, places_of

#: What is held: a kind (`skill`, `language`, `place`, `seat`, `named`, `declared`, `is`) and a value.
Held = tuple[str, str]

ACTIVE: Held = ("is", "active")
SPEAKS: Held = ("is", "saying a language")
HAN: Held = ("is", "writing Chinese")


@dataclass(frozen=True, eq=False)
class Population:
    """Seekers by slot.

    Attributes:
        ids: id of each slot; None where nobody is.
        slots: id to slot.
        numbers: `years`, `education`, `pay` and `confirmed` (day number) to (slots,) float64; NaN where
            not said.
        rows: what is held to its row of `bits`.
        bits: (rows, words).
    """

    ids: tuple[str | None, ...]
    slots: Mapping[str, int]
    numbers: Mapping[str, NDArray[np.float64]]
    rows: Mapping[Held, int]
    bits: Words

    def __len__(self) -> int:
        return len(self.ids)

    def held(self, what: Held) -> Words:
        """Return who holds something, (words,)."""
        row = self.rows.get(what)
        return np.zeros(self.bits.shape[-1], np.uint64) if row is None else self.bits[row]

    def names(self, words: Words) -> tuple[str, ...]:
        """Return the ids of a set, sorted."""
        found = np.flatnonzero(unpack(words, len(self.ids)))
        return tuple(sorted(name for slot in found if (name := self.ids[slot]) is not None))


def population_of(seekers: Sequence[SeekerFact | None]) -> Population:
    """Return seekers by slot, in the order given; None leaves a slot empty."""
    members: defaultdict[Held, list[int]] = defaultdict(list)
    for slot, seeker in enumerate(seekers):
        if seeker is not None:
            for what in _holds(seeker):
                members[what].append(slot)
    bits = np.zeros((len(members), width(len(seekers))), np.uint64)
    for row, slots in enumerate(members.values()):
        flags = np.zeros(len(seekers), np.bool_)
        flags[slots] = True
        bits[row] = pack(flags)
    ids = tuple(None if seeker is None else seeker.id for seeker in seekers)
    return Population(
        ids=ids,
        slots={name: slot for slot, name in enumerate(ids) if name is not None},
        numbers=_numbers(seekers),
        rows={what: row for row, what in enumerate(members)},
        bits=bits,
    )


def placed(
    population: Population, changed: Iterable[SeekerFact], gone: Iterable[str]
) -> dict[int, SeekerFact | None]:
    """Return the slots that a change touches, and who is there after it; new people get new slots."""
    after: dict[int, SeekerFact | None] = {
        population.slots[name]: None for name in gone if name in population.slots
    }
    end = len(population)
    for seeker in sorted(changed, key=lambda one: one.id):
        slot = population.slots.get(seeker.id)
        if slot is None:
            slot, end = end, end + 1
        after[slot] = seeker
    return dict(sorted(after.items()))


def with_changes(population: Population, after: Mapping[int, SeekerFact | None]) -> Population:
    """Return the population once some slots are as `placed` says."""
    if not after:
        return population
    total = max(len(population), max(after) + 1)
    few = population_of(list(after.values()))
    rows = dict(population.rows)
    for what in few.rows:
        rows.setdefault(what, len(rows))
    bits = widened(population.bits, total)
    bits = np.pad(bits, ((0, len(rows) - len(bits)), (0, 0)))
    flags = np.zeros((len(rows), len(after)), np.bool_)
    for what, row in few.rows.items():
        flags[rows[what]] = unpack(few.bits[row], len(after))
    slots = np.fromiter(after, np.int64)
    ids = [*population.ids, *[None] * (total - len(population))]
    for slot, seeker in after.items():
        ids[slot] = None if seeker is None else seeker.id
    numbers = {}
    for name, column in population.numbers.items():
        grown = np.concatenate([column, np.full(total - len(population), np.nan)])
        grown[slots] = few.numbers[name]
        numbers[name] = grown
    return replace(
        population,
        ids=tuple(ids),
        slots={name: slot for slot, name in enumerate(ids) if name is not None},
        numbers=numbers,
        rows=rows,
        bits=with_columns(bits, slots, flags),
    )


def _holds(seeker: SeekerFact) -> Iterator[Held]:
    yield from (("skill", skill) for skill in seeker.skills)
    yield from (("language", language) for language in seeker.languages)
    yield from (("place", code) for code in places_of((seeker.region, *seeker.wished_regions)))
    yield ("seat", city_of(seeker.region))
    yield from (("declared", str(number)) for number in set(seeker.roles))
    yield from (("named", str(number)) for number in {*seeker.roles, *seeker.held_roles})
    if seeker.active:
        yield ACTIVE
    if seeker.languages:
        yield SPEAKS
    if seeker.writes_han:
        yield HAN


def _numbers(seekers: Sequence[SeekerFact | None]) -> dict[str, NDArray[np.float64]]:
    def column(values: Iterable[float | None]) -> NDArray[np.float64]:
        return np.array([np.nan if value is None else value for value in values], np.float64)

    known = [_EMPTY if seeker is None else seeker for seeker in seekers]
    return {
        "years": column(seeker.years for seeker in known),
        "education": column(seeker.education_rank for seeker in known),
        "pay": column(seeker.pay_wish for seeker in known),
        "confirmed": column(
            None if seeker.last_confirmed is None else seeker.last_confirmed.toordinal()
            for seeker in known
        ),
    }


_EMPTY = SeekerFact(id="", owner="", active=False)
