"""The words of a catalogue row: one text in both languages, for the index, the encoder and the ranker."""

from __future__ import annotations

from collections.abc import Iterator

from taxonomies.models import Role
from taxonomies.skills import load_skills


def role_text(role: Role) -> str:
    """Return field, titles, duties and skills of a row, one a line."""
    field, duty = role.field.name, role.duty
    return "\n".join((field.zh, field.en, *role.labels, duty.zh, duty.en, *skill_names(role)))


def skill_names(role: Role) -> Iterator[str]:
    """Yield the names of a row's skills, each in both languages."""
    skills = load_skills()
    for link in role.skills:
        label = skills[link.skill].label
        yield from (label.zh, label.en)
