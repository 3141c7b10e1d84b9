"""The skill concepts: what a person can do, with labels in Chinese and English."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from types import MappingProxyType

from taxonomies.models import Skill, Text
from taxonomies.releases import open_release, split


@cache
def load_skills() -> MappingProxyType[str, Skill]:
    """Return the concepts by id, in file order."""
    rows = open_release("skills").rows("skills.csv")
    return MappingProxyType(
        {
            row["id"]: Skill(
                id=row["id"],
                kind=row["kind"],
                broader=row["broader"],
                label=Text(row["label_zh"], row["label_en"]),
                aliases_zh=split(row["aliases_zh"]),
                aliases_en=split(row["aliases_en"]),
                ambiguous=frozenset(split(row["ambiguous"])),
            )
            for row in rows
        }
    )


@cache
def ancestors(skill: str) -> tuple[str, ...]:
    """Return the ids of the broader concepts, nearest first."""
    skills = load_skills()
    chain: list[str] = []
    while (entry := skills.get(skill)) and entry.broader and entry.broader not in chain:
        skill = entry.broader
        chain.append(skill)
    return tuple(chain)


@cache
def descendants(skill: str) -> frozenset[str]:
    """Return the ids of all narrower concepts."""
    return _narrower().get(skill, frozenset())


@cache
def _narrower() -> dict[str, frozenset[str]]:
    below: defaultdict[str, set[str]] = defaultdict(set)
    for skill in load_skills():
        for broader in ancestors(skill):
            below[broader].add(skill)
    return {skill: frozenset(narrower) for skill, narrower in below.items()}
