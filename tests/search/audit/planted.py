"""Markets with planted causes of shortage, and the same markets without: the control."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from search.audit.causes import CauseKind
from search.audit.inputs import (
    AuditInputs,
    CatalogueRole,
    ConditionAspect,
    RequiredCondition,
    SeekerFact,
    VacancyFact,
)
from search.audit.period import Period
from taxonomies.regions import load_regions

AS_OF = date(2026, 6, 30)
PERIOD = Period(date(2026, 4, 1), AS_OF)
CITIES = tuple(code for code, region in load_regions().items() if region.level == "city")
KINDS = tuple(kind for kind in CauseKind if kind is not CauseKind.UNDETERMINED)
OFFER = 12_000


@dataclass(frozen=True)
class Planted:
    """A cause in a place; `blocking` is the handle of the requirement that it names, or ""."""

    role: int
    city: str
    kind: CauseKind
    blocking: str = ""


def planted_market(seed: int, roles: int = 40) -> tuple[AuditInputs, tuple[Planted, ...]]:
    """Return a market in which each role has one cause in one city, and where it was planted."""
    market = _Market(seed)
    plants = []
    for role in range(1, roles + 1):
        kind = KINDS[role % len(KINDS)]
        plants.append(market.shortage(role, market.chance.choice(CITIES), kind))
    return market.inputs(), tuple(plants)


def control_market(seed: int, roles: int = 40) -> AuditInputs:
    """Return a market of the same make in which every post has enough people, who would go there."""
    market = _Market(seed)
    for role in range(1, roles + 1):
        market.healthy(role, market.chance.choice(CITIES))
    return market.inputs()


class _Market:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.vacancies: list[VacancyFact] = []
        self.seekers: list[SeekerFact] = []

    def inputs(self) -> AuditInputs:
        roles = sorted({vacancy.role for vacancy in self.vacancies if vacancy.role is not None})
        catalogue = tuple(CatalogueRole(role, f"role {role}", "field") for role in roles)
        return AuditInputs(tuple(self.vacancies), tuple(self.seekers), catalogue=catalogue)

    def healthy(self, role: int, city: str) -> None:
        skills = self._skills(role)
        self._posts(role, city, skills, days=self.chance.randint(0, 80))
        self._people(role, city, skills, self.chance.randint(6, 12))
        self._noise(role, skills)

    def shortage(self, role: int, city: str, kind: CauseKind) -> Planted:
        skills, blocking = self._skills(role), ""
        many, days, flags = self.chance.randint(6, 12), self.chance.randint(0, 80), ()
        elsewhere = self.chance.choice([other for other in CITIES if other != city])
        match kind:
            case CauseKind.NONE_QUALIFIED:
                self._people(role, city, skills, many)
                skills = (*skills, f"new-{role}-a", f"new-{role}-b")
            case CauseKind.ONE_BLOCKING_REQUIREMENT:
                self._people(role, city, skills, many)
                self._people(role, city, (*skills, f"rare-{role}"), self.chance.randint(0, 3))
                skills, blocking = (*skills, f"rare-{role}"), f"skill:rare-{role}"
            case CauseKind.ELSEWHERE:
                self._people(role, elsewhere, skills, many)
                self._people(role, city, skills, self.chance.randint(0, 3))
            case CauseKind.PAY:
                self._people(role, city, skills, many, wish=self.chance.randint(15, 30) * 1000)
                self._people(role, city, skills, self.chance.randint(0, 3))
            case _:
                self._people(role, city, skills, many)
                days, flags = self.chance.randint(91, 300), ("no_text",)
        self._posts(role, city, skills, days, flags)
        self._noise(role, skills)
        return Planted(role, city, kind, blocking)

    def _skills(self, role: int) -> tuple[str, ...]:
        return tuple(f"skill-{role}-{n}" for n in range(self.chance.randint(2, 4)))

    def _posts(
        self, role: int, city: str, skills: tuple[str, ...], days: int, flags: tuple[str, ...] = ()
    ) -> None:
        required = [RequiredCondition(ConditionAspect.SKILL, (skill,)) for skill in skills]
        required.append(RequiredCondition(ConditionAspect.EDUCATION, ("bachelor",), 3.0))
        for _ in range(self.chance.randint(1, 3)):
            self.vacancies.append(
                VacancyFact(
                    id=f"v{len(self.vacancies):04}",
                    owner="e",
                    role=role,
                    region=city,
                    headcount=self.chance.choice([None, 1, 2, 5]),
                    posted=AS_OF - timedelta(days=days),
                    pay_to=OFFER,
                    required=tuple(required),
                    flags=flags,
                )
            )

    def _people(
        self, role: int, city: str, skills: tuple[str, ...], many: int, wish: int | None = None
    ) -> None:
        for _ in range(many):
            self._person(role, city, skills, wish)

    def _person(self, role: int, city: str, skills: tuple[str, ...], wish: int | None) -> None:
        self.seekers.append(
            SeekerFact(
                id=f"s{len(self.seekers):05}",
                owner="p",
                roles=(role,) if self.chance.random() < 0.8 else (),
                held_roles=(role,),
                region=city,
                pay_wish=wish or self.chance.choice([None, 9_000, OFFER]),
                education_rank=self.chance.choice([3, 4, 5]),
                skills=frozenset((*skills, f"spare-{self.chance.randint(0, 9)}")),
            )
        )

    def _noise(self, role: int, skills: tuple[str, ...]) -> None:
        """Add people who lack two of the skills, or of whom it is not known whether they qualify."""
        for _ in range(self.chance.randint(5, 15)):
            some = tuple(self.chance.sample(skills, max(0, len(skills) - 2)))
            self._person(role, self.chance.choice(CITIES), some, None)
