"""A profile that repeats the posting word by word: what it repeats does not count.

Somebody may paste a posting into a profile to rank high for it. The longer pieces of the posting that
stand in the profile are taken out; skills that only these named are not held, and the nearness of the two
texts says nothing then.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from search.matching.requirements import Requirement
from search.matching.sides import Demand, Supply
from search.models import Aspect
from search.ranking.profile import padded
from search.text.vocabulary import load_vocabulary
from taxonomies.skills import descendants, load_skills

#: Pieces that a profile may share with a posting: a phrase of the trade is no copy.
MOST_SHARED = 1
#: Share of the telling words from which a profile is looked at.
SUSPICIOUS = 0.5

_SHINGLE = 3


def without_echo(supply: Supply, demand: Demand) -> Supply | None:
    """Return the supply without what it repeats of the posting; None where it repeats nothing."""
    text = supply.text
    shared = [piece for piece in demand.pieces if piece in text]
    if len(shared) <= MOST_SHARED:
        return None
    text = _without_shingles(text, demand)
    if demand.title:
        text = text.replace(f" {' '.join(demand.title)} ", " ")
    asked = {
        aspect: {value for found in demand.requirements for value in _values(found, aspect)}
        for aspect in (Aspect.SKILL, Aspect.LANGUAGE, Aspect.YEARS)
    }

    def kept(held: frozenset[str], aspect: Aspect) -> frozenset[str]:
        copied = {
            value
            for value in held & asked[aspect]
            if not any(label in text for label in _labels(value))
        }
        return held - copied

    # A number that is the posting's own may have been read from the copy.
    years = None if _written(supply.years) in asked[Aspect.YEARS] else supply.years
    return replace(
        supply,
        text=text,
        skills=kept(supply.skills, Aspect.SKILL),
        languages=kept(supply.languages, Aspect.LANGUAGE),
        years=years,
    )


def _without_shingles(text: str, demand: Demand) -> str:
    """Take out every three tokens on end that stand in the posting too: a copy is known by now."""
    copied = {shingle for piece in demand.pieces for shingle in _shingles(piece.split())}
    tokens = text.split()
    gone = {
        at + offset
        for at, shingle in enumerate(_shingles(tokens))
        if shingle in copied
        for offset in range(_SHINGLE)
    }
    return padded(*(token for at, token in enumerate(tokens) if at not in gone))


def _shingles(tokens: list[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[at : at + _SHINGLE]) for at in range(len(tokens) - _SHINGLE + 1)]


def _values(requirement: Requirement, aspect: Aspect) -> frozenset[str]:
    if requirement.aspect is not aspect:
        return frozenset()
    if aspect is not Aspect.SKILL:
        return frozenset(requirement.values)
    narrower = (descendants(value) for value in requirement.values)
    return frozenset(requirement.values).union(*narrower)


@lru_cache(maxsize=4096)
def _labels(skill: str) -> tuple[str, ...]:
    """Return the labels of a skill as tokens, each between blanks."""
    concept = load_skills()[skill]
    names = (concept.label.zh, concept.label.en, *concept.aliases_zh, *concept.aliases_en)
    segmenter = load_vocabulary().segmenter
    return tuple(f" {' '.join(tokens)} " for name in names if (tokens := segmenter.tokens(name)))


def _written(years: float | None) -> str:
    return "" if years is None else f"{years:g}"
