"""Who meets a condition, and who is not known to fail it: one set a distinct condition, made once.

Each says the same as `search.matching.judging.judge` of the same requirement; a test compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.audit.bits import Words, pack
from search.audit.inputs import WORDS, ConditionAspect, RequiredCondition
from search.audit.places import places_of
from search.audit.population import ACTIVE, HAN, SPEAKS, Population
from search.text.normalise import writes_han

#: A set that is asked for: (kind, what): `met` and `open` (not failed) of conditions that hold together,
#: `named` of a row number, `above` of a pay.
MaskKey = tuple[str, tuple[RequiredCondition, ...] | int]

#: Everybody, whether active or not: the set of no condition at all.
EVERYBODY: MaskKey = ("met", ())
#: Nobody: no row has this number.
NOBODY: MaskKey = ("named", 0)


@dataclass(frozen=True, eq=False)
class MaskTable:
    """The sets of a population that some questions need.

    Attributes:
        active: who counts, (words,).
        words: (keys, words): the set of each key; empty for a key that was left out.
    """

    active: Words
    words: Words = field(repr=False)


def mask_table(
    population: Population, keys: Sequence[MaskKey], used: Collection[int] | None = None
) -> MaskTable:
    """Return the sets of some keys.

    Args:
        population: of whom.
        keys: which sets.
        used: places of the keys that are needed; None for all.
    """
    words = np.zeros((len(keys), population.bits.shape[-1]), np.uint64)
    for place in range(len(keys)) if used is None else used:
        words[place] = mask(population, keys[place])
    return MaskTable(population.held(ACTIVE), words)


def mask(population: Population, key: MaskKey) -> Words:
    """Return one set, (words,)."""
    kind, what = key
    if isinstance(what, tuple):
        found = np.full(population.bits.shape[-1], ~np.uint64(0))
        for condition in what:
            found &= (
                met(population, condition) if kind == "met" else not_failed(population, condition)
            )
        return found
    if kind == "named":
        return population.held(("named", str(what)))
    # A wish that is not said is not above any offer: a comparison with NaN is false.
    return pack(population.numbers["pay"] > what)


def met(population: Population, condition: RequiredCondition) -> Words:
    """Return who is known to meet a condition."""
    found = _has(population, condition)
    return ~found if condition.banned else found


def not_failed(population: Population, condition: RequiredCondition) -> Words:
    """Return who meets a condition or of whom it is not known: unknown is not no."""
    found = _has(population, condition)
    return ~found if condition.banned else found | _unknown(population, condition)


def _has(population: Population, condition: RequiredCondition) -> Words:
    match condition.aspect:
        case ConditionAspect.YEARS | ConditionAspect.EDUCATION:
            return pack(population.numbers[condition.aspect.value] >= _least(condition))
        case ConditionAspect.SKILL | ConditionAspect.LANGUAGE | ConditionAspect.PLACE:
            kind = condition.aspect.value
        case ConditionAspect.TITLE:
            kind = "named"
    found = np.zeros(population.bits.shape[-1], np.uint64)
    for value in condition.values:
        found |= population.held((kind, value))
    return found


def _unknown(population: Population, condition: RequiredCondition) -> Words:
    match condition.aspect:
        case ConditionAspect.YEARS | ConditionAspect.EDUCATION:
            return pack(np.isnan(population.numbers[condition.aspect.value]))
        case ConditionAspect.LANGUAGE:
            return ~population.held(SPEAKS)
        case ConditionAspect.PLACE:
            return ~_elsewhere(population, condition.values)
        case ConditionAspect.SKILL:
            return _other_script(population, condition.values)
        case ConditionAspect.TITLE:
            return np.zeros(population.bits.shape[-1], np.uint64)


def _elsewhere(population: Population, values: tuple[str, ...]) -> Words:
    """Return who names a place that the wanted ones do not lie in: only the province says nothing."""
    around = places_of(values)
    found = np.zeros(population.bits.shape[-1], np.uint64)
    for kind, code in population.rows:
        if kind == "place" and code not in around:
            found |= population.held((kind, code))
    return found


def _other_script(population: Population, values: tuple[str, ...]) -> Words:
    words = [value for value in values if value.startswith(WORDS)]
    nobody = np.zeros(population.bits.shape[-1], np.uint64)
    if not words:
        return nobody
    han = population.held(HAN)
    return ~han if any(map(writes_han, words)) else han


def _least(condition: RequiredCondition) -> float:
    if condition.least is None:
        raise ValueError(
            f"the condition {condition.handle} was asked about, and says not how much is needed; "
            "give `least`: the number of years, or the rank of the level"
        )
    return condition.least
