"""Invented job seekers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random

from ingest.samples.careers import Spell, Stage, draw_education, draw_months, draw_spells, month
from ingest.samples.chance import check_request, record_chance
from ingest.samples.identity import (
    EDITION,
    draw_facts,
    draw_languages,
    draw_length,
    draw_titles,
    written_lang,
)
from ingest.samples.market import load_market
from ingest.samples.phrases import load_phrases
from ingest.samples.profiles import Profile, load_profiles
from ingest.samples.skillsets import draw_skills, name_skills, state_skills
from ingest.samples.wishes import draw_wishes
from ingest.samples.wording import Facts, Writer
from search.records.models import Candidate
from taxonomies.levels import load_talent_tiers
from taxonomies.models import Text

# How a profile presents itself: by its title, or by describing the work and never naming it.
_UNTITLED = 0.28
_MOST_SENTENCES = 4
_SUMMARY_SECTIONS = ("strength", "achievement", "attitude", "achievement")


def generate_candidates(n: int, seed: int, *, as_of: date = EDITION) -> Iterator[Candidate]:
    """Yield `n` invented candidates; the first `k` are those of a run with `k`.

    Args:
        n: how many.
        seed: the same seed gives the same candidates.
        as_of: the month in which careers stand.

    Raises:
        ValueError: `n` or `seed` is out of range.
    """
    check_request(n, seed)
    return (_candidate(seed, index, as_of) for index in range(1, n + 1))


def _candidate(seed: int, index: int, as_of: date) -> Candidate:
    chance = record_chance("candidate", seed, index)
    market, random = load_market(), chance.random
    lang = market.languages.draw(chance)
    row = market.offered.draw(chance)
    profile = load_profiles()[row]
    grade = profile.grades.draw(chance)
    away = random() < 0.06
    place = chance.choice(market.elsewhere) if away else market.place(chance)
    months = draw_months(grade, chance)
    names = name_skills(draw_skills(profile, chance), lang, chance)
    phrases = load_phrases(written_lang(lang))
    education = draw_education(profile, written_lang(lang), phrases, chance)
    spells = draw_spells(months, as_of, chance)
    employers = [phrases.employers.draw(chance) for _ in spells]
    facts = draw_facts(
        lang,
        profile,
        grade,
        place,
        chance,
        skills=names,
        years=months // 12,
        employer=employers[0] if employers else phrases.employers.draw(chance),
        school=education[0].school,
        degree=education[0].level,
    )
    titled = random() >= _UNTITLED
    writer = Writer(facts, chance)
    headline = writer.sentence("headline_titled" if titled else "headline_untitled")
    end = writer.tokens + draw_length(chance)
    middle = (writer.tokens + end) / 2 if spells else end
    summary = _summary(writer, titled, middle, chance)
    stories = _stories(writer, len(spells), end, chance)
    # People round down to the half year, and their text to the year.
    years = months // 6 / 2
    # Validated in full: pydantic's own core does so faster than Python can skip it.
    return Candidate.model_validate(
        {
            "key": f"sample-candidate-{seed}-{index:07d}",
            "headline": headline,
            "summary": summary,
            "skills": state_skills(names, grade.id, years, chance),
            "work": _work(facts, spells, employers, stories, titled, chance),
            "education": _education(education, chance),
            "years_experience": years if random() < 0.85 else None,
            "region": place.code if random() < 0.94 else None,
            "wishes": draw_wishes(row, profile, grade, place, chance),
            "languages": draw_languages(lang, chance),
            "certificates": _certificates(profile, lang, chance),
            "talent_tier": _tier(lang, chance),
            "status": "active" if random() < 0.92 else "paused",
        }
    )


def _summary(writer: Writer, titled: bool, end: float, chance: Random) -> str:
    settled = "opening_titled" if titled else "opening_untitled"
    opening = settled if writer.facts.years >= 1 else "opening_fresh"
    sentences = [writer.sentence(opening), writer.sentence("strength")]
    wish = [writer.sentence("wish")] if chance.random() < 0.35 else []
    while writer.tokens < end and len(sentences) < 12:
        sentences.append(writer.sentence(chance.choice(_SUMMARY_SECTIONS)))
    return writer.join(sentences + wish)


def _stories(writer: Writer, spells: int, end: float, chance: Random) -> list[str]:
    stories: list[list[str]] = [[] for _ in range(spells)]
    # Recent work is told first and at more length.
    for told in range(_MOST_SENTENCES * spells):
        if writer.tokens >= end:
            break
        section = "work" if chance.random() < 0.7 else "achievement"
        stories[told % spells].append(writer.sentence(section))
    return [writer.join(story) for story in stories]


def _work(
    facts: Facts,
    spells: list[Spell],
    employers: list[str],
    stories: list[str],
    titled: bool,
    chance: Random,
) -> list[dict[str, object]]:
    dated = chance.random() < 0.9
    return [
        {
            "title": _job_title(facts, place, titled, chance),
            "employer": employers[place] if chance.random() < 0.93 else None,
            "start": month(spell.start) if dated else None,
            "end": month(spell.end) if dated and spell.end is not None else None,
            "summary": stories[place],
        }
        for place, spell in enumerate(spells)
    ]


def _job_title(facts: Facts, place: int, titled: bool, chance: Random) -> str:
    phrases = load_phrases(written_lang(facts.lang))
    if not titled:
        return chance.choice(phrases.neutral_titles)
    lang = "en" if facts.lang == "mixed" and chance.random() < 0.35 else written_lang(facts.lang)
    if place == 0:
        return facts.titles.within(lang)
    profile = facts.profile
    if chance.random() < 0.3:
        profile = load_profiles()[chance.choice(profile.neighbours)]
    # Earlier posts were lower posts, as far as the row has any.
    ladder = [grade.id for grade in load_market().data.grades]
    lower = ladder[max(0, ladder.index(facts.grade.id) - place)]
    grades = profile.grades.items
    grade = next((grade for grade in grades if grade.id == lower), grades[0])
    return draw_titles(profile, grade, chance).within(lang)


def _education(stages: list[Stage], chance: Random) -> list[dict[str, object]]:
    if chance.random() < 0.05:
        return []
    random = chance.random
    return [
        {
            "level": stage.level,
            "school": stage.school if random() < 0.9 else None,
            "subject": stage.subject if random() < 0.9 else None,
        }
        for stage in stages
    ]


def _certificates(profile: Profile, lang: str, chance: Random) -> list[str]:
    held = [profile.work.certificates.draw(chance) for _ in range(2) if chance.random() < 0.22]
    return list(dict.fromkeys(certificate.within(written_lang(lang)) for certificate in held))


def _tier(lang: str, chance: Random) -> str | None:
    if chance.random() >= 0.02:
        return None
    return chance.choice(_tiers()).within(written_lang(lang))


@cache
def _tiers() -> tuple[Text, ...]:
    known = {tier.id: tier.label for tier in load_talent_tiers()}
    return tuple(known[key] for key in load_market().data.talent_tiers)
