"""Conditions other than skills and titles: place, years, education, language. Three-valued."""

from __future__ import annotations

from search.backends.base import Document
from search.backends.filters import And, Attribute, Filter, Not, Or, Range, Term
from search.models import Aspect, Mention, Reading, Strength
from search.ranking.results import State
from taxonomies.levels import load_education
from taxonomies.regions import load_elsewhere
from taxonomies.skills import load_skills

#: Aspects judged here; titles and skills are judged by the features.
ASPECTS = (Aspect.PLACE, Aspect.YEARS, Aspect.EDUCATION, Aspect.LANGUAGE)

_FIELD = {
    Aspect.PLACE: "region",
    Aspect.YEARS: "years",
    Aspect.EDUCATION: "education",
    Aspect.LANGUAGE: "language",
    Aspect.SKILL: "skill",
    Aspect.TITLE: "role",
}


def education_rank(level: str) -> int:
    """Return the rank of an education level id."""
    return next(entry.rank for entry in load_education() if entry.id == level)


def judge(mention: Mention, document: Document) -> State:
    """Say whether a document meets a condition; what it does not state is unknown, not missing."""
    values = document.attributes.get(_FIELD[mention.aspect], ())
    if not values:
        return State.UNKNOWN
    met = any(_meets(mention, value) for value in values)
    return State.FOUND if met else State.MISSING


def hard_filter(reading: Reading) -> And:
    """Return the filter that required and banned conditions amount to.

    A document that does not state its place, years, education or languages is not excluded: it is
    shown as unknown. A required skill that is not stated excludes.
    """
    parts: list[Filter] = []
    for mention in reading.mentions:
        if mention.strength is Strength.REQUIRED:
            parts.append(_required(mention))
        elif mention.strength is Strength.BANNED and mention.aspect is not Aspect.YEARS:
            parts.append(Not(_holds(mention)))
    return And(tuple(parts))


def holds(aspect: Aspect, values: tuple[str, ...]) -> Filter:
    """Return the filter that a document with one of the values passes; years and education take one."""
    field = _FIELD[aspect]
    if aspect is Aspect.YEARS:
        return Range(field, at_least=float(values[0]))
    if aspect is Aspect.EDUCATION:
        return Range(field, at_least=education_rank(values[0]))
    return Term(field, values)


def stated(aspect: Aspect) -> Filter:
    """Return the filter that a document which says anything of an aspect passes."""
    if aspect in {Aspect.YEARS, Aspect.EDUCATION}:
        return Range(_FIELD[aspect])
    if aspect is Aspect.PLACE:
        # Every place lies in the province or is a known city elsewhere.
        return Term("region", ("330000", *load_elsewhere()))
    languages = tuple(
        skill.id for skill in load_skills().values() if skill.kind == "human-language"
    )
    return Term("language", languages)


def _required(mention: Mention) -> Filter:
    if mention.aspect in {Aspect.SKILL, Aspect.TITLE}:
        return _holds(mention)
    return Or((_holds(mention), Not(stated(mention.aspect))))


def _holds(mention: Mention) -> Filter:
    return holds(mention.aspect, (mention.value,))


def _meets(mention: Mention, value: Attribute) -> bool:
    if mention.aspect is Aspect.YEARS:
        return float(value) >= float(mention.value)
    if mention.aspect is Aspect.EDUCATION:
        return float(value) >= education_rank(mention.value)
    return str(value) == mention.value
