"""The entries of the code lists: frozen, with the terms of the field.

Texts in Chinese marked "verbatim" are as printed in the source document; English, alternative labels
and links are Bole's own work (see docs/data.md for who wrote which column).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]
Relation = Literal["essential", "optional"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same thing said in both languages."""

    zh: str
    en: str

    def within(self, lang: Lang) -> str:
        """Return the wording in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class CatalogueField:
    """One of the catalogue's 19 fields (重点领域); Chinese names are verbatim."""

    code: str
    domain: Text
    name: Text


@dataclass(frozen=True, slots=True)
class RoleSkill:
    """A link from a role to a skill concept."""

    skill: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Seniority:
    """The grade that a printed title implies, and the grade words the market puts around it."""

    level: str
    words_zh: tuple[str, ...]
    words_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """One row of the catalogue: identity is the row number, never the title.

    Attributes:
        number: 1-92 in printed order.
        order: position within the field, from 1.
        title: zh verbatim, en ours.
        duty: zh verbatim, en ours.
        labels_zh: alternative titles as recruiters and candidates write them; ours.
        labels_en: the same in English.
    """

    number: int
    field: CatalogueField
    order: int
    title: Text
    duty: Text
    seniority: Seniority
    labels_zh: tuple[str, ...]
    labels_en: tuple[str, ...]
    skills: tuple[RoleSkill, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """All titles of the row: printed, English, then alternatives."""
        return (self.title.zh, self.title.en, *self.labels_zh, *self.labels_en)


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill concept with its labels in both languages.

    Attributes:
        ambiguous: those labels that are ordinary words or single letters, in the case that counts.
        broader: id of the broader concept, or "".
    """

    id: str
    kind: str
    broader: str
    label: Text
    aliases_zh: tuple[str, ...]
    aliases_en: tuple[str, ...]
    ambiguous: frozenset[str]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label of the concept, preferred ones first."""
        return (self.label.zh, self.label.en, *self.aliases_zh, *self.aliases_en)


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city or district of the jurisdiction, or a large city elsewhere.

    Attributes:
        code: GB/T 2260, six digits.
        level: province, city, district or elsewhere.
        parent: code of the region above, or "".
        valid_until: when the region ceased to exist, or "".
        successor: code of the region that took its place, or "".
    """

    code: str
    level: str
    parent: str
    label: Text
    aliases_zh: tuple[str, ...]
    aliases_en: tuple[str, ...]
    valid_until: str
    successor: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label of the region, preferred ones first."""
        return (self.label.zh, self.label.en, *self.aliases_zh, *self.aliases_en)


@dataclass(frozen=True, slots=True)
class Zone:
    """A park, town or development zone that people name as a place; it lies in a region."""

    id: str
    region: str
    label: Text
    aliases_zh: tuple[str, ...]
    aliases_en: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label of the zone, preferred ones first."""
        return (self.label.zh, self.label.en, *self.aliases_zh, *self.aliases_en)


@dataclass(frozen=True, slots=True)
class Industry:
    """A key industry that a source document prints for a place; place, industry and quote are verbatim."""

    id: str
    region: str
    place_zh: str
    industry: Text
    fields: tuple[str, ...]
    document: str
    heading: str
    quote: str


@dataclass(frozen=True, slots=True)
class Level:
    """A rung of an ordered list, for example an education level; a larger rank is higher."""

    id: str
    rank: int
    label: Text
    aliases_zh: tuple[str, ...]
    aliases_en: tuple[str, ...]
    document: str = ""
    quote: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label of the level, preferred ones first."""
        return (self.label.zh, self.label.en, *self.aliases_zh, *self.aliases_en)


@dataclass(frozen=True, slots=True)
class Programme:
    """A talent tier or programme named in a source, with the clause that defines it.

    Attributes:
        definition: the defining clause, or `not_defined_here`.
    """

    id: str
    kind: str
    label: Text
    aliases_zh: tuple[str, ...]
    document: str
    quote: str
    definition: str
