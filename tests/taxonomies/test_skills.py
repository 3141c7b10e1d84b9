"""The skill concepts: slugs, kinds, a tree of broader ones, and no label with two owners."""

from __future__ import annotations

import re
import unicodedata

import pytest

from taxonomies.releases import open_release
from taxonomies.skills import ancestors, load_skills

SKILLS = load_skills()
#: As docs/data.md lists them.
KINDS = {
    *(
        "language",
        "framework",
        "library",
        "tool",
        "eda",
        "database",
        "platform",
        "protocol",
        "standard",
    ),
    *("method", "hardware", "material", "domain", "certificate", "soft", "human-language", "group"),
}


def folded(label: str) -> str:
    """Return a label as labels are compared."""
    return re.sub(r"[\s\-_]", "", unicodedata.normalize("NFKC", label).lower())


def owners() -> dict[str, set[str]]:
    """Return the concepts that each label belongs to."""
    found: dict[str, set[str]] = {}
    for skill in SKILLS.values():
        for label in skill.labels:
            found.setdefault(folded(label), set()).add(skill.id)
    return found


def test_at_least_800_concepts_and_no_id_twice() -> None:
    assert len(SKILLS) >= 800
    assert len(open_release("skills").rows("skills.csv")) == len(SKILLS)


def test_ids_are_slugs() -> None:
    assert [key for key in SKILLS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_kinds_are_the_documented_ones() -> None:
    assert {skill.kind for skill in SKILLS.values()} == KINDS


def test_every_concept_has_both_names_and_no_empty_label() -> None:
    assert [skill.id for skill in SKILLS.values() if not (skill.label.zh and skill.label.en)] == []
    blank = [
        (s.id, label)
        for s in SKILLS.values()
        for label in s.labels
        if label != label.strip() or not label
    ]
    assert blank == []


def test_broader_concepts_exist() -> None:
    assert {skill.broader for skill in SKILLS.values()} - {""} <= set(SKILLS)


def test_broader_concepts_do_not_run_in_a_circle() -> None:
    for start in SKILLS:
        seen, at = {start}, SKILLS[start].broader
        while at:
            assert at not in seen, f"{start} is among its own broader concepts"
            seen.add(at)
            at = SKILLS[at].broader


def test_ancestors_are_nearest_first_and_unknown_ones_none() -> None:
    deepest = max(SKILLS, key=lambda key: len(ancestors(key)))
    chain = ancestors(deepest)
    assert chain
    assert chain[0] == SKILLS[deepest].broader
    assert ancestors(chain[0]) == chain[1:]
    assert ancestors("no-such-skill") == ()


def test_no_label_belongs_to_two_concepts() -> None:
    assert {label: ids for label, ids in owners().items() if len(ids) > 1} == {}


def test_languages_that_are_easily_confused_stay_apart() -> None:
    owned = owners()
    names = ("java", "javascript", "c", "c++", "c#", "go", "r", "typescript", "objectivec")
    assert all(len(owned[name]) == 1 for name in names)
    assert len(set.union(*(owned[name] for name in names))) == len(names)
    assert owned["golang"] == owned["go"]


def test_ambiguous_labels_are_labels_of_the_row() -> None:
    strange = [(s.id, sorted(s.ambiguous - set(s.labels))) for s in SKILLS.values()]
    assert [entry for entry in strange if entry[1]] == []


@pytest.mark.parametrize("letter", ["C", "R"])
def test_single_letters_are_ambiguous(letter: str) -> None:
    (key,) = owners()[letter.lower()]
    assert letter in SKILLS[key].ambiguous


def test_every_single_letter_label_is_ambiguous() -> None:
    bare = [
        (skill.id, label)
        for skill in SKILLS.values()
        for label in skill.labels
        if len(folded(label)) == 1 and label not in skill.ambiguous
    ]
    assert bare == []
