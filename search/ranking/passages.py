"""The parts of a document that evidence quotes from, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    if isinstance(record, Candidate):
        return candidate_passages(record, str)
    parts = {
        "title": record.title,
        "text": record.text,
        "skills": _LIST_MARK.join(skill.name for skill in record.skills),
        "languages": _LIST_MARK.join(record.languages),
    }
    return _present(parts)


def candidate_passages(record: Candidate, shown: Callable[[str], str]) -> Passages:
    """Return the parts of a profile that hold text.

    Args:
        record: the profile.
        shown: what is shown of each piece of it but the languages.
    """
    jobs = (f"{shown(job.title)}\n{shown(job.summary)}".strip() for job in record.work)
    parts = {
        "title": shown(record.headline),
        "summary": shown(record.summary),
        "skills": _LIST_MARK.join(shown(skill.name) for skill in record.skills),
        "work": "\n".join(jobs),
        "certificates": _LIST_MARK.join(map(shown, record.certificates)),
        "languages": _LIST_MARK.join(record.languages),
    }
    return _present(parts)


def _present(parts: Mapping[str, str]) -> Passages:
    return MappingProxyType({name: text for name, text in parts.items() if text})


def _both(zh: str, en: str) -> str:
    return zh if zh == en else f"{zh} {en}"
