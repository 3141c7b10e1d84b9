"""The parts of a document that evidence quotes from, in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from search.records.models import Candidate, Vacancy
from taxonomies.catalogue import load_catalogue
from taxonomies.skills import load_skills

#: Source name to text; evidence spans point into these.
Passages = Mapping[str, str]

_LIST_MARK = "、"


@cache
def role_passages(number: int) -> Passages:
    """Return title, duty, skills and other titles of a catalogue row."""
    role = load_catalogue().role(number)
    if role is None:
        raise KeyError(f"the catalogue has no row {number}")
    skills = load_skills()
    names = [
        _both(skills[link.skill].label.zh, skills[link.skill].label.en) for link in role.skills
    ]
    return MappingProxyType(
        {
            "title": role.title.zh,
            "title_en": role.title.en,
            "duty": role.duty.zh,
            "duty_en": role.duty.en,
            "skills": _LIST_MARK.join(names),
            "titles": _LIST_MARK.join((*role.labels_zh, *role.labels_en)),
        }
    )


def record_passages(record: Candidate | Vacancy) -> Passages:
    """Return the parts of a profile or vacancy that hold text."""
    skills = _LIST_MARK.join(skill.name for skill in record.skills)
    if isinstance(record, Vacancy):
        parts = {"title": record.title, "text": record.text, "skills": skills}
    else:
        work = "\n".join(f"{job.title}\n{job.summary}".strip() for job in record.work)
        parts = {
            "title": record.headline,
            "summary": record.summary,
            "skills": skills,
            "work": work,
        }
        parts["certificates"] = _LIST_MARK.join(record.certificates)
    parts["languages"] = _LIST_MARK.join(record.languages)
    return MappingProxyType({name: text for name, text in parts.items() if text})


def _both(zh: str, en: str) -> str:
    return zh if zh == en else f"{zh} {en}"
