"""Records with planted causes of shortage, and the same records without: the control."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from search.audit.causes import CauseKind
from search.models import Aspect
from search.records.models import Candidate, Education, StatedSkill, Vacancy, WantedSkill, Wishes
from search.text.reading import read
from taxonomies.regions import load_regions
from taxonomies.skills import ancestors, load_skills

AS_OF = date(2026, 11, 30)
CITIES = tuple(code for code, region in load_regions().items() if region.level == "city")
KINDS = tuple(kind for kind in CauseKind if kind is not CauseKind.UNDETERMINED)
OFFER = 12_000
#: Says what the work is and asks for nothing.
PROSE = "负责相关业务的日常推进，与团队一起按时完成各项交付，并定期汇报进展。"


@dataclass(frozen=True)
class Plant:
    """A cause in a place; `blocking` is the handle of the requirement that it names, or ""."""

    role: int
    city: str
    kind: CauseKind
    blocking: str = ""


@cache
def plain_skills() -> tuple[tuple[str, str], ...]:
    """Return ids and labels of skills whose label is read as that skill alone, none implying another."""
    found, implied = [], set()
    for skill_id, skill in load_skills().items():
        label = skill.label.zh
        mentions = read(label).mentions
        is_plain = [(m.aspect, m.value) for m in mentions] == [(Aspect.SKILL, skill_id)]
        above = set(ancestors(skill_id))
        if is_plain and not above & {one for one, _ in found} and skill_id not in implied:
            found.append((skill_id, label))
            implied |= above
    return tuple(found)


class Market:
    """Makes records of roles that each have their own skills."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.skills = iter(self.chance.sample(plain_skills(), len(plain_skills())))
        self.records: list[Candidate | Vacancy] = []

    def healthy(self, role: int) -> None:
        """Add a role whose posts have enough people."""
        city, skills = self.chance.choice(CITIES), self._skills(2)
        self._people(role, city, skills, self.chance.randint(6, 10))
        self._posts(role, city, skills, self.chance.randint(0, 80))

    def shortage(self, role: int, kind: CauseKind) -> Plant:
        """Add a role that is short for one reason."""
        city, skills, blocking = self.chance.choice(CITIES), self._skills(2), ""
        elsewhere = self.chance.choice([other for other in CITIES if other != city])
        many, days, text = self.chance.randint(6, 10), self.chance.randint(0, 80), PROSE
        few = self.chance.randint(0, 3)
        match kind:
            case CauseKind.NONE_QUALIFIED:
                self._people(role, city, skills, many)
                skills = (*skills, *self._skills(2))
            case CauseKind.ONE_BLOCKING_REQUIREMENT:
                (rare,) = self._skills(1)
                self._people(role, city, skills, many)
                self._people(role, city, (*skills, rare), few)
                skills, blocking = (*skills, rare), f"skill:{rare[0]}"
            case CauseKind.ELSEWHERE:
                self._people(role, elsewhere, skills, many)
                self._people(role, city, skills, few)
            case CauseKind.PAY:
                self._people(role, city, skills, many, wish=self.chance.randint(15, 30) * 1000)
                self._people(role, city, skills, few)
            case _:
                self._people(role, city, skills, many)
                days, text = self.chance.randint(91, 300), ""
        self._posts(role, city, skills, days, text)
        return Plant(role, city, kind, blocking)

    def _skills(self, many: int) -> tuple[tuple[str, str], ...]:
        return tuple(next(self.skills) for _ in range(many))

    def _posts(self, role, city, skills, days, text=PROSE) -> None:
        for _ in range(self.chance.randint(1, 3)):
            self.records.append(
                Vacancy(
                    title="工作人员",
                    text=text,
                    employer=f"示例{self.chance.randint(1, 30)}公司",
                    role=role,
                    headcount=self.chance.choice([None, 1, 2, 5]),
                    skills=[WantedSkill(name=label, strength="required") for _, label in skills],
                    education_at_least="bachelor",
                    region=city,
                    pay_monthly_yuan_to=OFFER,
                    posted=AS_OF - timedelta(days=days),
                )
            )

    def _people(self, role, city, skills, many, wish=None) -> None:
        for _ in range(many):
            self.records.append(
                Candidate(
                    headline="求职",
                    skills=[StatedSkill(name=label) for _, label in skills],
                    education=[Education(level=self.chance.choice(["bachelor", "master"]))],
                    region=city,
                    wishes=Wishes(
                        roles=(role,),
                        regions=(city,),
                        pay_monthly_yuan=wish or self.chance.choice([9_000, OFFER]),
                    ),
                )
            )
