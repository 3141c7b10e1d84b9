"""The skill concepts: slugs, kinds, a tree of broader ones, and no label with two owners."""

from __future__ import annotations

import re
import unicodedata
from itertools import permutations

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


#: What is written as one word though it names two things ("SEM" alone is one of two, and nobody's label).
PAIRS = {
    ("seo", "sem"): {"seo", "sem"},
    ("xrd", "sem"): {"xrd", "scanning-electron-microscopy"},
}
#: Labels of two concepts that are meant to be: the pairs, and one word with two meanings.
SHARED = {"核磁共振": {"nmr", "mri"}} | {
    between.join(words): concepts
    for pair, concepts in PAIRS.items()
    for words in permutations(pair)
    for between in ("/", "、", ",", "and")
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


def test_no_label_belongs_to_two_concepts_unless_it_is_meant_to() -> None:
    assert {label: ids for label, ids in owners().items() if len(ids) > 1} == SHARED


@pytest.mark.parametrize(
    ("label", "skill"),
    [
        ("电芯", "battery-cell"),
        ("BMS", "bms"),
        ("电解液", "electrolyte"),
        ("正极材料", "cathode-material"),
        ("光伏逆变器", "pv-inverter"),
        ("XRD", "xrd"),
        ("扫描电镜", "scanning-electron-microscopy"),
        ("热处理", "heat-treatment"),
        ("注塑模具", "mould-design"),
        ("六西格玛", "six-sigma"),
        ("人形机器人", "legged-robots"),
        ("GMP", "gmp"),
        ("细胞培养", "cell-culture"),
        ("qPCR", "qpcr"),
        ("NGS", "ngs"),
        ("打版", "pattern-making"),
        ("CLO3D", "clo3d"),
        ("信息流投放", "feed-ads"),
        ("online advertising", "ad-campaigns"),
        ("用户增长", "user-growth"),
        ("8D报告", "eight-d"),
        ("增值税", "taxation"),
        ("专利撰写", "patents"),
        ("HRBP", "hrbp"),
        ("EHS", "ehs"),
        ("BIM", "bim"),
        ("HACCP", "haccp"),
        ("光模块", "optical-modules"),
        ("Linux driver", "driver-development"),
        ("Linux驱动", "driver-development"),
        ("DRC/LVS", "drc-lvs"),
    ],
)
def test_what_postings_write_leads_to_the_concept(label: str, skill: str) -> None:
    assert owners()[folded(label)] == {skill}


@pytest.mark.parametrize(
    "word",
    [
        *("招聘", "hiring", "recruiting", "猎头", "HR", "薪酬福利", "培训体系", "股权激励"),
        *("融资", "IPO", "地铁", "航空航天", "市政", "系统工程", "安全工程", "服务设计"),
        *("cell", "SEM", "cart", "foundry", "building services"),
    ],
)
def test_words_of_any_posting_or_of_other_words_are_no_labels(word: str) -> None:
    assert folded(word) not in owners()


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
