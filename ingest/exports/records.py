"""Records as lines of a list, worded so that an import reads the same record again.

An import of a candidate's line gives all but the consents, which only the person gives; skills of a
vacancy come back in the order required, favoured, optional.
"""

from __future__ import annotations

from ingest.exports.columns import Cells
from ingest.exports.words import Words, education_words
from ingest.tables.history_cells import write_stage, write_work
from ingest.tables.lists import joined, quoted
from ingest.tables.skill_cells import write_skill
from ingest.tables.vocabulary import plain
from search.accounts.contacts import NOTHING, Contact
from search.records.models import Candidate, StatedSkill, Vacancy
from taxonomies.regions import load_elsewhere, load_regions


def candidate_cells(candidate: Candidate, contact: Contact | None, words: Words) -> Cells:
    """Return the line of a candidate.

    Args:
        candidate: masked or not, as the reader may see it.
        contact: who it is; None where the reader may not know.
        words: the language of the list.
    """
    wishes = candidate.wishes
    contact = contact or NOTHING
    return {
        "key": candidate.key,
        "name": contact.name or None,
        "phone": contact.phone or None,
        "email": contact.email or None,
        "headline": candidate.headline,
        "summary": candidate.summary or None,
        "skills": _skills(candidate.skills, words),
        "years_experience": candidate.years_experience,
        "region": _place(candidate.region, words),
        "education": "\n".join(
            write_stage(stage, education_words(words, stage.level)) for stage in candidate.education
        )
        or None,
        "languages": joined(candidate.languages) or None,
        "certificates": joined(candidate.certificates) or None,
        "work": "\n".join(map(write_work, candidate.work)) or None,
        "wished_roles": "、".join((*map(str, wishes.roles), *_titles(wishes.titles))) or None,
        "wished_regions": joined(_place(code, words) or code for code in wishes.regions) or None,
        "wished_pay": wishes.pay_monthly_yuan,
        "wished_employment": joined(words(f"employment.{each}") for each in wishes.employment)
        or None,
        "talent_tier": candidate.talent_tier,
        "available_from": candidate.available_from,
        "status": words(f"table.status.candidate.{candidate.status}"),
    }


def vacancy_cells(vacancy: Vacancy, words: Words) -> Cells:
    """Return the line of a vacancy.

    Args:
        vacancy: as it is stored.
        words: the language of the list.
    """

    def skills(strength: str) -> str | None:
        return _skills([each for each in vacancy.skills if each.strength == strength], words)

    level, employment = vacancy.education_at_least, vacancy.employment
    return {
        "key": vacancy.key,
        "title": vacancy.title,
        "employer": vacancy.employer,
        "role": vacancy.role,
        "headcount": vacancy.headcount,
        "text": vacancy.text or None,
        "required_skills": skills("required"),
        "skills": skills("favoured"),
        "optional_skills": skills("optional"),
        "years_at_least": vacancy.years_at_least,
        "education_at_least": None if level is None else education_words(words, level),
        "region": _place(vacancy.region, words),
        "pay_from": vacancy.pay_monthly_yuan_from,
        "pay_to": vacancy.pay_monthly_yuan_to,
        "employment": None if employment is None else words(f"employment.{employment}"),
        "languages": joined(vacancy.languages) or None,
        "posted": vacancy.posted,
        "valid_through": vacancy.valid_through,
        "status": words(f"table.status.vacancy.{vacancy.status}"),
    }


def _skills(skills: list[StatedSkill] | tuple[StatedSkill, ...], words: Words) -> str | None:
    written = (
        write_skill(skill, words(f"table.level.{skill.level}") if skill.level else "")
        for skill in skills
    )
    return "、".join(written) or None


def _titles(titles: tuple[str, ...]) -> list[str]:
    # A title of digits alone would be taken for a row of the catalogue.
    return [f'"{title}"' if plain(title).isdecimal() else quoted(title) for title in titles]


def _place(code: str | None, words: Words) -> str | None:
    if code is None:
        return None
    region = load_regions().get(code) or load_elsewhere().get(code)
    return code if region is None else region.label.within(words.lang)
