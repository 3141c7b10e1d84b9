"""Work histories and education that agree with the years a person states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from ingest.samples.market import Grade
from ingest.samples.phrases import Phrases
from ingest.samples.profiles import Profile
from taxonomies.models import Lang


@dataclass(frozen=True)
class Spell:
    """One employment as months counted from year 0; `end` is None while it lasts."""

    start: int
    end: int | None
    months: int


@dataclass(frozen=True)
class Stage:
    """One stage of education, in the record's language."""

    level: str
    school: str
    subject: str | None


def draw_months(grade: Grade, chance: Random) -> int:
    """Draw months of experience within a grade; a seventh of beginners have none yet."""
    low, high = (12 * years for years in grade.years)
    if low == 0 and chance.random() < 0.15:
        return 0
    # Skewed to the low end: careers thin out as they lengthen.
    return max(3, int(low + (high - low) * chance.random() ** 1.3))


def draw_spells(months: int, as_of: date, chance: Random) -> list[Spell]:
    """Split the months into employments, latest first, at most two idle months apart."""
    now = 12 * as_of.year + as_of.month - 1
    end = now if chance.random() < 0.8 else now - chance.randint(1, 4)
    spells: list[Spell] = []
    while months > 0:
        length = min(months, chance.randint(9, 66))
        if months - length < 6:
            length = months
        spells.append(Spell(end - length, None if end == now else end, length))
        months -= length
        end -= length + chance.randint(0, 2)
    return spells


def month(number: int) -> str:
    """Write a month as records do, for example 2021-03."""
    year, index = divmod(number, 12)
    return f"{year:04d}-{index + 1:02d}"


def draw_education(profile: Profile, lang: Lang, phrases: Phrases, chance: Random) -> list[Stage]:
    """Draw the stages of education, highest first; some people state only the highest."""
    highest = profile.work.education.draw(chance)
    stages = [_stage(highest, profile, lang, phrases, chance)]
    before = {"doctor": "master", "master": "bachelor"}
    while stages[-1].level in before and chance.random() < 0.7:
        stages.append(_stage(before[stages[-1].level], profile, lang, phrases, chance))
    return stages


def _stage(level: str, profile: Profile, lang: Lang, phrases: Phrases, chance: Random) -> Stage:
    schools = phrases.colleges if level == "associate" else phrases.schools
    return Stage(level, schools.draw(chance), profile.work.subjects.draw(chance).within(lang))
