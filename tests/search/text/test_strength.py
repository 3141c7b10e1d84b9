"""How strongly a condition is meant, in both languages, bound to its clause."""

from __future__ import annotations

import pytest

from search.models import Strength
from search.text.normalise import normalise
from search.text.strength import strength_at


def strength_of(word: str, text: str) -> str:
    """Return the strength of a word in a text."""
    normal = normalise(text).text
    start = normal.index(word.lower())
    return strength_at(normal, start, start + len(word)).value


@pytest.mark.parametrize(
    "text",
    [
        "必须精通Java",
        "务必会Java",
        "Java必备",
        "须熟悉Java",
        "必须熟悉Go、Java和Rust",
        "must know Java",
        "Java is required",
        "Java required",
        "Java is mandatory",
        "Java is essential",
        "Java is a must",
        "must know Java and ideally Python",
        "Java is required and Python is a plus",
        "Java必须Python优先",
        "Java (required)",
        "Python优先，必须会Java",
        "Java（必须）",
        "必须会Go（主力）和Java",
        "Required: a language (mainly Java)",
        "Must have: Go, Java, Rust. Docker",
        "必备技能：\n1. Go\n2. Java\n加分项：\n1. Docker",
        "Requirements\nKnow Go.\nMust have:\n- Go\n- Java",
        "无Java经验者勿投",
        "没有Java经验，请勿扰",
        "Python preferred but Java required",
    ],
)
def test_required(text: str) -> None:
    assert strength_of("Java", text) == Strength.REQUIRED


@pytest.mark.parametrize(
    "text",
    [
        "Java",
        "熟悉Java",
        "Java优先",
        "有Java经验者优先",
        "必须本科，Java优先",
        "会Java加分",
        "Java尤佳",
        "最好会Java",
        "优先考虑有Java经验者",
        "必须熟练Java者优先",
        "Java preferred",
        "Java is a plus",
        "nice to have: Go, Java",
        "ideally Java",
        "Java is desirable",
        "Go is required and Java is a plus",
        "必须Go\n熟悉Java",
        "Go required. Java preferred.",
        "Go（必须）、Java（加分）",
        "不要外包，Java",
        "必须会一门语言（Go、Java）",
        "必须会一门语言（Java优先）",
        "包括但不限于Java",
        "including but not limited to Java",
        "not only Java",
        "Java故障排除",
        "排除故障，Java",
        "the no.1 Java company",
        "求职须知 Java",
        "非常熟悉Java，外包不考虑",
        "develop Java without supervision",
        "no more than a Java course",
    ],
)
def test_favoured(text: str) -> None:
    assert strength_of("Java", text) == Strength.FAVOURED


@pytest.mark.parametrize(
    "text",
    [
        "Java不限",
        "不要求Java",
        "Java不作要求",
        "Java非必须",
        "Java、Python均可",
        "Java可选",
        "Java is optional",
        "Java not required",
        "Java is not strictly required",
        "Java is not essential",
        "no Java experience required",
        "you don't need Java",
    ],
)
def test_optional(text: str) -> None:
    assert strength_of("Java", text) == Strength.OPTIONAL


@pytest.mark.parametrize(
    "text",
    [
        "不要Java",
        "不招Java",
        "不考虑Java",
        "Java不考虑",
        "Java除外",
        "谢绝Java",
        "没有加班，Java不考虑",
        "no Java",
        "not Java",
        "anything except Java",
        "excluding Java",
        "without Java",
        "must know Python, no Java",
    ],
)
def test_banned(text: str) -> None:
    assert strength_of("Java", text) == Strength.BANNED


def test_a_ban_does_not_reach_far() -> None:
    assert (
        strength_of("Java", "not interested in meetings that go on and on while coding Java")
        == "favoured"
    )


def test_an_empty_place_at_the_end() -> None:
    assert strength_at("", 0, 0) is Strength.FAVOURED
    assert strength_at("java", 4, 4) is Strength.FAVOURED
