"""What postings may not ask for, as a list: complete, cited where certain, refused with a way out when wrong."""

from __future__ import annotations

import re

import pytest
import yaml

from taxonomies.protected import (
    PostingRulesError,
    load_posting_rules,
    open_repeats,
    read_posting_rules,
)

LIST = """
version: "2026.11"
law: [{zh: 法, en: Law}]
grounds:
  sex:
    label: {zh: 性别, en: sex}
    reason: {zh: 由, en: why}
    advice: {zh: 改, en: instead}
    law: [{zh: 条, en: Article}]
words: {sex: '[男女]'}
unless_before: '不'
rules:
  - {id: sex-limited, ground: sex, needs: [男, 女], pattern: '限%sex%', fires: [限男], spares: [不限男]}
"""

#: Grounds for which no citation is certain.
UNCITED = {"appearance", "political-status"}


def changed(old: str, new: str) -> str:
    """Return the small list with one part replaced."""
    assert old in LIST
    return LIST.replace(old, new)


def test_it_has_a_version_and_every_ground_has_rules_in_both_languages() -> None:
    rules = load_posting_rules()
    assert re.fullmatch(r"\d{4}\.\d{2}", rules.version)
    written = {(rule.ground.id, rule.id.rpartition("-")[2]) for rule in rules.rules}
    assert written == {(ground, lang) for ground in rules.grounds for lang in ("zh", "en")}


@pytest.mark.parametrize("ground", load_posting_rules().grounds.values(), ids=lambda each: each.id)
def test_a_ground_says_everything_in_both_languages(ground) -> None:
    for text in (ground.label, ground.reason, ground.advice, *ground.law):
        assert text.zh
        assert text.en.isascii()


def test_the_general_law_stands_after_that_of_the_ground() -> None:
    grounds = load_posting_rules().grounds
    general = grounds["appearance"].law
    assert len(general) == 2
    assert all(ground.law[-2:] == general for ground in grounds.values())
    assert {key for key, ground in grounds.items() if ground.law == general} == UNCITED


@pytest.mark.parametrize("rule", load_posting_rules().rules, ids=lambda rule: rule.id)
def test_no_pattern_repeats_without_bound(rule) -> None:
    for pattern in (rule.asks, rule.spared_before, rule.spared_after):
        assert pattern is None or open_repeats(pattern.pattern) == []


@pytest.mark.parametrize("rule", load_posting_rules().rules, ids=lambda rule: rule.id)
def test_what_a_rule_needs_is_in_normal_form(rule) -> None:
    assert [word for word in rule.needs if word != word.lower() or not word.strip()] == []


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a{0,8}b?", []),
        (r"a\+b\*[*+]{2}", []),
        ("[^]a*]{3}", []),
        ("a{0,64}+b??c?+", []),
        ("a+", ["+"]),
        ("(?:ab)*c", ["*"]),
        ("a{2,}", ["{2,}"]),
        ("a{0,65}", ["{0,65}"]),
        ("a{99}", ["{99}"]),
        ("a*?b+?", ["*", "+"]),
    ],
)
def test_open_repeats_are_found(pattern: str, found: list[str]) -> None:
    assert open_repeats(pattern) == found


def test_a_list_is_read() -> None:
    rules = read_posting_rules(LIST, "list.yaml")
    (rule,) = rules.rules
    assert rule.ground.law[0].zh == "条"
    assert [citation.en for citation in rule.ground.law] == ["Article", "Law"]
    assert rule.asks.pattern == "限[男女]"
    assert rule.spared_before.search("不")
    assert rule.spared_after is None
    assert (rule.fires, rule.spares) == (("限男",), ("不限男",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"list\.yaml is no YAML"),
        ("", r"list\.yaml: the list: .*taxonomies/protected\.py"),
        (changed("law: [{zh: 法, en: Law}]", ""), r"list\.yaml: law: Field required"),
        (changed("2026.11", "soon"), r"list\.yaml: version: "),
        (changed("fires:", "fire:"), r"rules\.0\.fires?: "),
        (changed("fires: [限男]", "fires: []"), r"rules\.0\.fires: "),
        (changed("spares: [不限男]", "spares: []"), r"rules\.0\.spares: "),
        (changed("ground: sex", "ground: gender"), r"'sex-limited' has the ground 'gender'; there are sex"),
        (changed("%sex%", "%age%"), r"'sex-limited': the piece %age% is unknown; there are sex"),
        (changed("限%sex%", "限("), r"'sex-limited': '限\(' is no pattern: .*correct it there"),
        (changed("限%sex%", "限+"), r"'sex-limited': the repeat '\+' is open or too long; bound it"),
        (changed("限%sex%", "限?"), r"'sex-limited': '限\?' matches nothing at all"),
        (changed("'[男女]'", "'[男女]*'"), r"the repeat '\*' is open"),
    ],
)  # fmt: skip
def test_a_wrong_list_is_refused_with_the_place_and_the_fix(content: str, message: str) -> None:
    with pytest.raises(PostingRulesError, match=message):
        read_posting_rules(content, "list.yaml")


def test_a_rule_given_twice() -> None:
    content = LIST + LIST.splitlines()[-1] + "\n"
    with pytest.raises(PostingRulesError, match="'sex-limited' is given twice; rename one"):
        read_posting_rules(content, "list.yaml")


def test_the_example_list_is_what_the_messages_are_about() -> None:
    assert set(yaml.safe_load(LIST)) == {
        "version",
        "law",
        "grounds",
        "words",
        "unless_before",
        "rules",
    }
