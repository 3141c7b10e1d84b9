"""The words of a catalogue row: one text in both languages, for the index, the encoder and the ranker."""

from __future__ import annotations

from taxonomies.models import Role
from taxonomies.skills import load_skills


def role_text(role: Role) -> str:
    """Return field, titles, duties and skills of a row, one a line."""
    skills = load_skills()
    names = (skills[link.skill].label for link in role.skills)
    words = (word for name in names for word in (name.zh, name.en))
    field = role.field.name
    return "\n".join((field.zh, field.en, *role.labels, role.duty.zh, role.duty.en, *words))
