"""The vocabulary: every label of the releases in force, each under its aspect."""

from __future__ import annotations

import pytest

from search.models import Aspect
from search.text.lexicon import Entry, label_key
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.regions import load_regions, load_zones
from taxonomies.skills import load_skills


def entries(label: str) -> list[Entry]:
    """Return what a label stands for."""
    return load_vocabulary().lexicon.by_key.get(label_key(label), [])


def test_it_is_built_once() -> None:
    assert load_vocabulary() is load_vocabulary()


def test_every_title_is_known() -> None:
    for role in load_catalogue().roles:
        for label in role.labels:
            assert (Aspect.TITLE, str(role.number)) in {
                (e.aspect, e.value) for e in entries(label)
            }, label


def test_every_skill_is_known_and_headings_are_not() -> None:
    for skill in load_skills().values():
        aspect = Aspect.LANGUAGE if skill.kind == "human-language" else Aspect.SKILL
        for label in skill.labels:
            known = (aspect, skill.id) in {(e.aspect, e.value) for e in entries(label)}
            assert known == (skill.kind != "group"), label


def test_every_place_and_degree_is_known() -> None:
    for region in load_regions().values():
        for label in region.labels:
            assert (Aspect.PLACE, region.code) in {(e.aspect, e.value) for e in entries(label)}
    for zone in load_zones():
        assert (Aspect.PLACE, zone.region) in {(e.aspect, e.value) for e in entries(zone.label.zh)}
    for level in load_education():
        for label in level.labels:
            assert (Aspect.EDUCATION, level.id) in {(e.aspect, e.value) for e in entries(label)}


@pytest.mark.parametrize("label", ["Go", "C", "R", "Spring"])
def test_ordinary_words_are_marked(label: str) -> None:
    assert [e.is_ambiguous for e in entries(label) if e.aspect is Aspect.SKILL] == [True]


@pytest.mark.parametrize("label", ["Java", "Golang", "C++", "C#"])
def test_plain_names_are_not_marked(label: str) -> None:
    assert {e.is_ambiguous for e in entries(label) if e.aspect is Aspect.SKILL} == {False}


def test_the_tokeniser_is_named_with_its_libraries() -> None:
    name = load_vocabulary().tokeniser
    assert name.startswith("bole-")
    assert "rjieba-" in name
    assert "opencc-" in name


def test_chinese_titles_stay_whole() -> None:
    segmenter = load_vocabulary().segmenter
    for role in load_catalogue().roles:
        title = role.title.zh
        if all("\u4e00" <= character <= "\u9fff" for character in title):
            assert title in segmenter.tokens(title)
