"""What both sorts of record share: their month, and the facts that their text may state."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random

from ingest.samples.market import Grade, Place
from ingest.samples.phrases import load_phrases
from ingest.samples.profiles import Profile
from ingest.samples.wording import Facts
from taxonomies.levels import load_education
from taxonomies.models import Lang, Text

#: The month in which the records stand, so that a seed gives the same dates for ever.
EDITION = date(2026, 11, 1)

#: Shortest and longest running text that is aimed at, in tokens of the search index.
SHORTEST, LONGEST = 44, 108


def written_lang(lang: str) -> Lang:
    """Return the language of names and labels in a record; a mixed one is Chinese at heart."""
    return "en" if lang == "en" else "zh"


def draw_titles(profile: Profile, grade: Grade, chance: Random) -> Text:
    """Draw the title in both languages; which one a text shows is its language's affair."""
    return Text(*(profile.titles[lang, grade.id].draw(chance) for lang in ("zh", "en")))


def draw_facts(
    lang: str,
    profile: Profile,
    grade: Grade,
    place: Place,
    chance: Random,
    *,
    skills: list[str],
    years: int,
    employer: str,
    school: str,
    degree: str,
) -> Facts:
    """Gather the facts of one record; the title and the subject are drawn here."""
    return Facts(
        lang=lang,
        profile=profile,
        grade=grade,
        titles=draw_titles(profile, grade, chance),
        skills=skills,
        years=years,
        employer=employer,
        school=school,
        place=place,
        degree=_degrees()[degree],
        subject=profile.work.subjects.draw(chance),
    )


def draw_length(chance: Random) -> float:
    """Draw how many tokens the running text of a record should have."""
    return chance.triangular(SHORTEST, LONGEST)


def draw_languages(lang: str, chance: Random) -> list[str]:
    """Draw the languages a person states or an employer asks for."""
    spoken = load_phrases(written_lang(lang)).spoken_languages
    drawn = [spoken.draw(chance) for _ in range(chance.randint(0, 3))]
    return list(dict.fromkeys(drawn))


@cache
def _degrees() -> dict[str, Text]:
    return {level.id: level.label for level in load_education()}
