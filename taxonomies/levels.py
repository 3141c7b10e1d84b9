"""Ordered levels (education, professional titles) and the talent tiers and programmes of the sources."""

from __future__ import annotations

from functools import cache

from taxonomies.models import Level, Programme, Text
from taxonomies.releases import open_release, split


@cache
def load_education() -> tuple[Level, ...]:
    """Return education levels, lowest first."""
    return _levels("education.csv")


@cache
def load_professional_titles() -> tuple[Level, ...]:
    """Return professional titles (职称) and skill grades, lowest first."""
    return _levels("professional_titles.csv")


@cache
def load_talent_tiers() -> tuple[Programme, ...]:
    """Return the tier words of the sources; most are not defined there, and say so."""
    return _programmes("talent_tiers.csv", "talent-tier")


@cache
def load_programmes() -> tuple[Programme, ...]:
    """Return the programmes that the sources name."""
    return _programmes("programmes.csv", "")


def _levels(name: str) -> tuple[Level, ...]:
    levels = (
        Level(
            id=row["id"],
            rank=int(row["rank"]),
            label=Text(row["label_zh"], row["label_en"]),
            aliases_zh=split(row["aliases_zh"]),
            aliases_en=split(row["aliases_en"]),
            document=row.get("document") or "",
            quote=row.get("quote") or "",
        )
        for row in open_release("levels").rows(name)
    )
    return tuple(sorted(levels, key=lambda level: level.rank))


def _programmes(name: str, kind: str) -> tuple[Programme, ...]:
    return tuple(
        Programme(
            id=row["id"],
            kind=row.get("kind") or kind,
            label=Text(row["label_zh"], row["label_en"]),
            aliases_zh=split(row["aliases_zh"]),
            document=row["document"],
            quote=row["quote"],
            definition=row["definition"],
        )
        for row in open_release("levels").rows(name)
    )
