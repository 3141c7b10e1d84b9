"""Stored records as facts, read the way a match reads them: the same requirements, the same concepts.

What a record holds in concepts comes from its document in the index (`ingest.documents.build_document`, or the
backend's stored copy), so that an audit counts as qualified whom a match would find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cache
from hashlib import sha256

from search.audit.inputs import (
    WORDS,
    CatalogueRole,
    ConditionAspect,
    RequiredCondition,
    SeekerFact,
    VacancyFact,
)
from search.audit.terms import terms_of
from search.audit.unknown_words import WordFinder
from search.backends.base import Document
from search.matching.requirements import Requirement, requirements_of
from search.matching.sides import Supply, supply_of
from search.models import Aspect, Strength
from search.ranking.conditions import education_rank
from search.records.models import Candidate, Vacancy
from search.records.stored import StoredRecord
from search.text.normalise import writes_han
from taxonomies.catalogue import load_catalogue
from taxonomies.skills import ancestors

#: Characters of a posting's text from which it may say what the work is.
LEAST_TEXT = 20
#: Days are those of the province's calendar.
PROVINCE_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class RoleLink:
    """The catalogue row that a vacancy is most likely to be, and how likely; None where none is."""

    role: int | None
    confidence: float


def declared_link(stored: StoredRecord) -> RoleLink:
    """Return the row that the employer declared; none where nothing was declared."""
    record = stored.record
    role = record.role if isinstance(record, Vacancy) else None
    return RoleLink(role, 0.0 if role is None else 1.0)


def catalogue_roles() -> tuple[CatalogueRole, ...]:
    """Return the rows of the catalogue in force."""
    return tuple(
        CatalogueRole(role.number, role.title.zh, role.field.code)
        for role in load_catalogue().roles
    )


@cache
def catalogue_duties() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the terms of the rows of the catalogue in force."""
    return tuple(
        (role.number, terms_of(f"{role.title.zh}\n{role.duty.zh}"))
        for role in load_catalogue().roles
    )


def unknown_words(vacancies: Iterable[VacancyFact]) -> frozenset[str]:
    """Return the `words:…` that vacancies require; seekers must be read with all of them."""
    return frozenset(
        value
        for vacancy in vacancies
        for condition in vacancy.required
        for value in condition.values
        if value.startswith(WORDS)
    )


def vacancy_fact(stored: StoredRecord, link: RoleLink, zone: tzinfo = PROVINCE_TIME) -> VacancyFact:
    """Return what is counted of a stored vacancy.

    It counts as posted when the record says, else when it was stored. A closed one ended when its record
    last changed, or with its validity, whichever was earlier.

    Raises:
        TypeError: the record is not a vacancy.
    """
    record = stored.record
    if not isinstance(record, Vacancy):
        raise TypeError(
            f"a vacancy was asked for, and {stored.id} is a {record.kind}; give a vacancy"
        )
    requirements = requirements_of(record)
    return VacancyFact(
        id=stored.id,
        owner=stored.owner,
        role=link.role,
        role_confidence=link.confidence,
        region=record.region,
        headcount=record.headcount,
        posted=record.posted or _day(stored.created_at, zone),
        closed=_closed(stored, record, zone),
        is_open=record.status == "open",
        pay_from=record.pay_monthly_yuan_from,
        pay_to=record.pay_monthly_yuan_to,
        required=tuple(condition_of(one) for one in requirements if one.is_hard),
        flags=tuple(_flags(record, requirements)),
        title=record.title,
        text_hash=sha256(record.text.encode()).hexdigest(),
        employer=record.employer,
        terms=terms_of(
            "\n".join([record.title, record.text, *(skill.name for skill in record.skills)])
        ),
    )


def condition_of(requirement: Requirement) -> RequiredCondition:
    """Return a hard requirement as a condition."""
    least = None
    if requirement.aspect is Aspect.YEARS:
        least = float(requirement.values[0])
    elif requirement.aspect is Aspect.EDUCATION:
        least = float(education_rank(requirement.values[0]))
    return RequiredCondition(
        aspect=ConditionAspect(requirement.aspect.value),
        values=requirement.values or (WORDS + requirement.words,),
        least=least,
        banned=requirement.strength is Strength.BANNED,
    )


def seeker_fact(
    stored: StoredRecord, document: Document, finder: WordFinder, zone: tzinfo = PROVINCE_TIME
) -> SeekerFact:
    """Return what is counted of a stored candidate.

    Args:
        stored: the record.
        document: its document in the index.
        finder: of the words of all vacancies' unknown skills.
        zone: whose calendar days are.

    Raises:
        TypeError: the record is not a candidate.
    """
    record = stored.record
    if not isinstance(record, Candidate):
        raise TypeError(
            f"a candidate was asked for, and {stored.id} is a {record.kind}; give a candidate"
        )
    supply = supply_of(document)
    return SeekerFact(
        id=stored.id,
        owner=stored.owner,
        roles=_numbers(supply.wished_roles),
        held_roles=_numbers(supply.roles - supply.wished_roles),
        region=record.region,
        wished_regions=record.wishes.regions,
        pay_wish=record.wishes.pay_monthly_yuan,
        education_rank=None if supply.education is None else int(supply.education),
        years=supply.years,
        skills=_with_broader(supply) | finder.within(supply.text),
        languages=supply.languages,
        writes_han=writes_han(supply.text),
        active=record.status == "active" and record.agrees_to("matching") is not False,
        last_confirmed=_day(stored.updated_at, zone),
    )


def _with_broader(supply: Supply) -> frozenset[str]:
    return supply.skills.union(*(ancestors(skill) for skill in supply.skills))


def _numbers(roles: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted(map(int, roles)))


def _closed(stored: StoredRecord, record: Vacancy, zone: tzinfo) -> date | None:
    ends = []
    if record.valid_through is not None and record.valid_through < date.max:
        ends.append(record.valid_through + timedelta(days=1))
    if record.status == "closed":
        ends.append(_day(stored.updated_at, zone))
    return min(ends, default=None)


def _flags(record: Vacancy, requirements: Iterable[Requirement]) -> Iterator[str]:
    if len(record.text) < LEAST_TEXT:
        yield "no_text"
    if all(requirement.aspect is Aspect.PLACE for requirement in requirements):
        yield "no_requirements"
    if record.pay_monthly_yuan_from is None and record.pay_monthly_yuan_to is None:
        yield "no_pay"
    if record.region is None:
        yield "no_place"
    if record.headcount is None:
        yield "no_headcount"


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()
