"""What a catalogue row offers to a record: titles by grade, skills, neighbours, duties."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.samples.chance import Weighted
from ingest.samples.market import Grade, load_market
from ingest.samples.phrases import FieldWork, load_field_work
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Lang, Role

_LANGS: tuple[Lang, Lang] = ("zh", "en")
_CLAUSES = {"zh": re.compile(r"[；。]"), "en": re.compile(r"[;]")}


@dataclass(frozen=True)
class Profile:
    """A catalogue row as people fill it.

    Attributes:
        titles: by language and grade; the printed title most often, then alternatives.
        duties: by language, the clauses of the row's duty: the work without its title.
        neighbours: rows that share most skills, or else the field.
    """

    role: Role
    work: FieldWork
    grades: Weighted[Grade]
    titles: dict[tuple[Lang, str], Weighted[str]]
    duties: dict[Lang, tuple[str, ...]]
    essential: tuple[str, ...]
    optional: tuple[str, ...]
    neighbours: tuple[int, ...]


@cache
def load_profiles() -> dict[int, Profile]:
    """Build the profiles of all rows, by row number."""
    roles = load_catalogue().roles
    return {role.number: _profile(role, roles) for role in roles}


def _profile(role: Role, roles: tuple[Role, ...]) -> Profile:
    data = load_market().data
    grades = data.grades[data.lowest_grade.get(role.seniority.level, 0) :]
    return Profile(
        role=role,
        work=load_field_work()[role.field.code],
        grades=Weighted(grades, (grade.share for grade in grades)),
        titles={
            (lang, grade.id): _titles(role, grade, lang) for lang in _LANGS for grade in grades
        },
        duties={lang: _duties(role, lang) for lang in _LANGS},
        essential=tuple(link.skill for link in role.skills if link.relation == "essential"),
        optional=tuple(link.skill for link in role.skills if link.relation == "optional"),
        neighbours=_neighbours(role, roles),
    )


def _titles(role: Role, grade: Grade, lang: Lang) -> Weighted[str]:
    printed = role.title.within(lang)
    others = role.labels_zh if lang == "zh" else role.labels_en
    marked = {label: _marks(label) for label in (printed, *others)}
    # A title without a mark suits every grade; "chief" does not suit a beginner.
    fitting = [label for label, marks in marked.items() if not marks or grade.id in marks] or [
        printed
    ]
    known = role.seniority.words_zh if lang == "zh" else role.seniority.words_en
    words = [word for word in grade.words(lang) if word in known]
    graded = [
        f"{word}{label}" if lang == "zh" else f"{word} {label}"
        for label in fitting
        for word in words
        if not marked[label]
    ]
    # Plain titles by rank take five parts of the weight, titles with a word of grade three.
    plain = [1 / (rank + 1) for rank in range(len(fitting))]
    share = 0.6 * sum(plain) / len(graded) if graded else 0.0
    return Weighted((*fitting, *graded), (*plain, *(share for _ in graded)))


def _marks(label: str) -> frozenset[str]:
    lower = label.lower()
    marks = load_market().data.grade_marks
    return frozenset(
        grade for grade, words in marks.items() if any(word in lower for word in words)
    )


def _duties(role: Role, lang: Lang) -> tuple[str, ...]:
    text = role.duty.within(lang).strip()
    clauses = (clause.strip(" .，,。") for clause in _CLAUSES[lang].split(text))
    found = (clause for clause in clauses if clause)
    if lang == "zh":
        return tuple(found)
    return tuple(clause[0].lower() + clause[1:] for clause in found)


def _neighbours(role: Role, roles: tuple[Role, ...]) -> tuple[int, ...]:
    own = {link.skill for link in role.skills}

    def likeness(other: Role) -> tuple[float, bool, int]:
        theirs = {link.skill for link in other.skills}
        shared = len(own & theirs) / (len(own | theirs) or 1)
        return (-shared, other.field != role.field, abs(other.number - role.number))

    nearest = sorted((other for other in roles if other.number != role.number), key=likeness)
    return tuple(other.number for other in nearest[:3])
