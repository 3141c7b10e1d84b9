"""What the audit counts: plain facts about vacancies, seekers, outcomes and searches.

Unknown is None or empty, never a guess. No fact has a field for a name, sex, age, birth date, photo,
ethnicity, origin, marital or family state.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from search.audit.catalogue_demand import Demand
from search.audit.period import Period
from search.audit.targets.progress import Actual

#: Flags of a posting without which nobody can tell what is asked for; the others are told, not judged.
UNCLEAR_FLAGS = frozenset({"no_text", "no_requirements"})
#: Prefix of a skill that the taxonomy does not know, and that is looked for by its words.
WORDS = "words:"


class ConditionAspect(StrEnum):
    """What a required condition is about."""

    SKILL = "skill"
    YEARS = "years"
    EDUCATION = "education"
    LANGUAGE = "language"
    PLACE = "place"
    TITLE = "title"


class OutcomeStage(StrEnum):
    """How far an application came."""

    SHORTLISTED = "shortlisted"
    INTERVIEWED = "interviewed"
    HIRED = "hired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, order=True)
class RequiredCondition:
    """One thing that a vacancy requires; who is known to fail it is excluded.

    Attributes:
        aspect: what it is about.
        values: any of them is enough: skill ids (or `words:` and the words of an unknown skill), language
            ids, region codes, row numbers, one education level id, one number of years.
        least: of years the number, of education the rank (higher is more); else None.
        banned: what it names must *not* be there; who does not say passes.
    """

    aspect: ConditionAspect
    values: tuple[str, ...]
    least: float | None = None
    banned: bool = False

    @property
    def handle(self) -> str:
        """What names it, for example `skill:java`, `years:3` or `not skill:php`."""
        return f"{'not ' if self.banned else ''}{self.aspect.value}:{'|'.join(self.values)}"


@dataclass(frozen=True, slots=True)
class VacancyFact:
    """What is counted of a vacancy.

    Attributes:
        id: of the record.
        owner: of the record.
        role: catalogue row that it is, or None where no row is likely.
        role_confidence: 0-1 that it is that row; 1 where the employer declared it.
        region: six digits of GB/T 2260, or None.
        headcount: posts; None where not said (counts 1 and is flagged).
        posted: first day; None where not known.
        closed: first day on which it is open no more; None while open, or where the day is not known.
        is_open: whether it is open by what is stored.
        pay_from: yuan a month, the least offered; None where not said.
        pay_to: yuan a month, the most offered; None where not said.
        required: conditions that exclude who is known to fail them.
        flags: what the posting leaves out: `no_text`, `no_requirements`, `no_pay`, `no_place`,
            `no_headcount`.
        title: as written.
        text_hash: SHA-256 of the text, hexadecimal.
        employer: who offers it, as written; None where not said.
        terms: of title, text and skills (`search.audit.terms`), sorted.
    """

    id: str
    owner: str
    role: int | None = None
    role_confidence: float = 1.0
    region: str | None = None
    headcount: int | None = None
    posted: date | None = None
    closed: date | None = None
    is_open: bool = True
    pay_from: int | None = None
    pay_to: int | None = None
    required: tuple[RequiredCondition, ...] = ()
    flags: tuple[str, ...] = ()
    title: str = ""
    text_hash: str = ""
    employer: str | None = None
    terms: tuple[str, ...] = ()

    @property
    def posts(self) -> int:
        """Posts that count: the headcount, or 1 where none is said."""
        return self.headcount if self.headcount is not None else 1

    @property
    def is_clear(self) -> bool:
        """Whether the posting says what the work is and what is asked for."""
        return not UNCLEAR_FLAGS & set(self.flags)

    @property
    def pay_most(self) -> int | None:
        """The most that is offered, yuan a month."""
        return max((pay for pay in (self.pay_from, self.pay_to) if pay is not None), default=None)

    def is_open_on(self, day: date) -> bool:
        """Say whether it was open on a day, as far as is known."""
        if self.posted is not None and self.posted > day:
            return False
        if self.closed is not None:
            return day < self.closed
        return self.is_open

    def days_open(self, day: date) -> int | None:
        """Return for how many days it has been open; None where the first day is not known."""
        return None if self.posted is None else max(0, (day - self.posted).days)

    def was_advertised_in(self, period: Period) -> bool:
        """Say whether it was open on any day of a period; one of unknown first day counts from its start."""
        last = None if self.closed is None else self.closed - timedelta(days=1)
        if last is None and not self.is_open:
            return False
        began = self.posted is None or self.posted <= period.end
        return began and (last is None or last >= period.start)


@dataclass(frozen=True, slots=True)
class SeekerFact:
    """What is counted of a person who looks for work.

    Attributes:
        id: of the record.
        owner: of the record.
        roles: catalogue rows that the person declared to look for (wishes).
        held_roles: rows that headline or positions held name.
        region: where the person lives, six digits, or None.
        wished_regions: where the person would work; empty where left open.
        pay_wish: yuan a month, the least wished for; None where not said.
        education_rank: of the highest level; None where not said.
        years: of experience; None where not said.
        skills: concepts held *with the broader ones that they imply*, and `words:…` of unknown skills
            found in the profile.
        languages: ids of human languages; empty where none is said.
        writes_han: whether the profile holds Chinese characters: of an unknown skill written in the
            other script nothing is known.
        active: whether the person looks for work now.
        last_confirmed: last day on which the person said so.
    """

    id: str
    owner: str
    roles: tuple[int, ...] = ()
    held_roles: tuple[int, ...] = ()
    region: str | None = None
    wished_regions: tuple[str, ...] = ()
    pay_wish: int | None = None
    education_rank: int | None = None
    years: float | None = None
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    writes_han: bool = True
    active: bool = True
    last_confirmed: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """What came of a candidate's application for a vacancy."""

    vacancy_id: str
    candidate_id: str
    stage: OutcomeStage
    on: date


@dataclass(frozen=True, slots=True)
class SearchEvent:
    """One search: which role and place it was about, what it looked for, how many it found."""

    on: date
    role: int | None
    region: str | None
    target: str
    result_count: int


@dataclass(frozen=True, slots=True, order=True)
class CatalogueRole:
    """A row of the catalogue, as far as the audit needs it."""

    number: int
    title: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class AuditInputs:
    """All that figures are computed from. The order of the records means nothing.

    Attributes:
        vacancies: open and closed ones.
        seekers: those who may be counted.
        outcomes: as recorded; empty where nobody records any.
        searches: what was searched for.
        catalogue: its rows; each gets a line even where nothing is there to count.
        duties: row number and the terms of its title and duty; a row without them is not compared.
        declared: demand that employers declared and no office refused.
        actuals: figures entered for the targets of plans.

    Raises:
        ValueError: two records of a kind have the same id.
    """

    vacancies: tuple[VacancyFact, ...] = ()
    seekers: tuple[SeekerFact, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    searches: tuple[SearchEvent, ...] = ()
    catalogue: tuple[CatalogueRole, ...] = ()
    duties: tuple[tuple[int, tuple[str, ...]], ...] = ()
    declared: tuple[Demand, ...] = ()
    actuals: tuple[Actual, ...] = ()

    def __post_init__(self) -> None:
        for kind, ids in (
            ("vacancies", [vacancy.id for vacancy in self.vacancies]),
            ("seekers", [seeker.id for seeker in self.seekers]),
            ("declarations", [one.id for one in self.declared]),
        ):
            if len(set(ids)) < len(ids):
                twice = min(name for name, times in Counter(ids).items() if times > 1)
                raise ValueError(
                    f"an audit of {len(ids)} {kind} was asked for, and {twice!r} is among them twice; "
                    "give each record once"
                )
