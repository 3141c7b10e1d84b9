"""Invented openings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from ingest.samples.chance import check_request, record_chance
from ingest.samples.identity import EDITION, draw_facts, draw_languages, draw_length, written_lang
from ingest.samples.market import Grade, Place, load_market
from ingest.samples.phrases import load_phrases
from ingest.samples.profiles import Profile, load_profiles
from ingest.samples.skillsets import draw_skills, name_skills, state_skills
from ingest.samples.wording import Writer
from search.records.models import Vacancy

_UNTITLED = 0.35
# In which order a posting grows until it is long enough.
_MORE = ("duty", "requirement", "offer", "duty") * 3
_BELOW = {
    "doctor": "master",
    "master": "bachelor",
    "bachelor": "associate",
    "associate": "associate",
}


def generate_vacancies(n: int, seed: int, *, as_of: date = EDITION) -> Iterator[Vacancy]:
    """Yield `n` invented vacancies; the first `k` are those of a run with `k`.

    Args:
        n: how many.
        seed: the same seed gives the same vacancies.
        as_of: the day before or on which all were posted.

    Raises:
        ValueError: `n` or `seed` is out of range.
    """
    check_request(n, seed)
    return (_vacancy(seed, index, as_of) for index in range(1, n + 1))


def _vacancy(seed: int, index: int, as_of: date) -> Vacancy:
    chance = record_chance("vacancy", seed, index)
    market, random = load_market(), chance.random
    lang = market.languages.draw(chance)
    row = market.wanted.draw(chance)
    profile = load_profiles()[row]
    grade = profile.grades.draw(chance)
    place = market.place(chance)
    names = name_skills(draw_skills(profile, chance), lang, chance)
    phrases = load_phrases(written_lang(lang))
    # An employer asks for less than most people of the field hold.
    held = profile.work.education.draw(chance)
    degree = _BELOW[held] if random() < 0.5 else held
    years = grade.years[0] + chance.randint(0, 2) if grade.years[0] else chance.randint(0, 1)
    facts = draw_facts(
        lang,
        profile,
        grade,
        place,
        chance,
        skills=names,
        years=years,
        employer=phrases.employers.draw(chance),
        school=phrases.schools.draw(chance),
        degree=degree,
    )
    writer = Writer(facts, chance)
    title = writer.sentence("vacancy_title")
    text = _text(writer, writer.tokens + draw_length(chance), chance)
    return Vacancy.model_validate(
        {
            "key": f"sample-vacancy-{seed}-{index:07d}",
            "title": title,
            "text": text,
            "employer": facts.employer if random() < 0.95 else None,
            "role": row if random() < 0.82 else None,
            "headcount": _headcount(chance) if random() < 0.88 else None,
            "skills": _asked(names, grade, chance),
            "years_at_least": years if random() < 0.8 else None,
            "education_at_least": degree if random() < 0.8 else None,
            "region": place.code if random() < 0.96 else None,
            **_pay(profile, grade, place, chance),
            "employment": _employment(grade, chance) if random() < 0.9 else None,
            "languages": draw_languages(lang, chance)[:1] if random() < 0.3 else [],
            **_dates(as_of, chance),
        }
    )


def _text(writer: Writer, end: float, chance: Random) -> str:
    opening = "posting_untitled" if chance.random() < _UNTITLED else "posting_titled"
    paragraphs: dict[str, list[str]] = {
        "opening": [writer.sentence(opening)],
        "duty": [writer.sentence("posting_duty"), writer.sentence("posting_duty")],
        "requirement": [writer.sentence("posting_requirement")],
        "offer": [],
    }
    if writer.facts.years >= 1 and chance.random() < 0.6:
        paragraphs["requirement"].append(writer.sentence("posting_years"))
    if chance.random() < 0.5:
        paragraphs["requirement"].append(writer.sentence("posting_degree"))
    for kind in _MORE:
        if writer.tokens >= end:
            break
        paragraphs[kind].append(writer.sentence(f"posting_{kind}"))
    return "\n".join(writer.join(group) for group in paragraphs.values() if group)


def _asked(names: list[str], grade: Grade, chance: Random) -> list[dict[str, object]]:
    # A fifth of employers leave the list empty and trust their text.
    if chance.random() < 0.2:
        return []
    return state_skills(names[: chance.randint(3, 9)], grade.id, 0.0, chance)


def _headcount(chance: Random) -> int:
    return min(30, 1 + int(chance.expovariate(0.6)))


def _pay(profile: Profile, grade: Grade, place: Place, chance: Random) -> dict[str, object]:
    if chance.random() < 0.15:
        return {}
    low = load_market().pay(round(profile.work.pay * 0.88), grade, place.city, chance)
    high = round(low * chance.uniform(1.15, 1.6) / 500) * 500
    return {
        "pay_monthly_yuan_from": low,
        "pay_monthly_yuan_to": high if chance.random() < 0.95 else None,
    }


def _employment(grade: Grade, chance: Random) -> str:
    drawn = chance.random()
    if grade.id == "junior" and drawn < 0.12:
        return "internship"
    if drawn < 0.88:
        return "full-time"
    return "contract" if drawn < 0.97 else "part-time"


def _dates(as_of: date, chance: Random) -> dict[str, object]:
    """Draw when it was posted and until when it holds; one that has lapsed is closed."""
    if chance.random() < 0.04:
        return {"status": "open"}
    # Exponential ages give a median of five weeks and a tail of openings that stay open for months.
    posted = as_of - timedelta(days=min(540, int(chance.expovariate(1 / 50))))
    until = (
        posted + timedelta(days=chance.choice((30, 60, 90, 180))) if chance.random() < 0.5 else None
    )
    lapsed = until is not None and until < as_of
    closed = lapsed or chance.random() < 0.05
    return {"posted": posted, "valid_through": until, "status": "closed" if closed else "open"}
