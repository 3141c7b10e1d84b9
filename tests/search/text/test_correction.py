"""Slips, homophones and pinyin lead to labels; ordinary words do not."""

from __future__ import annotations

import pytest

from search.models import Aspect
from search.text.correction import Corrector
from search.text.reading import LONGEST_CORRECTED, read
from search.text.vocabulary import load_vocabulary


def corrected(text: str) -> set[tuple[str, str]]:
    """Return what was read by correction: the value and how it was found."""
    return {
        (mention.value, mention.via) for mention in read(text).mentions if mention.via != "label"
    }


@pytest.mark.parametrize(
    ("text", "value", "via"),
    [
        ("qianduan", "frontend-development", "pinyin"),
        ("qianduan", "6", "pinyin"),
        ("qianduan kaifa", "6", "pinyin"),
        ("Qian Duan", "6", "pinyin"),
        ("houduan java kaifa", "backend-development", "pinyin"),
        ("shujuku", "43", "pinyin"),
        ("liangzi jisuan", "quantum-computing", "pinyin"),
        ("Javv", "java", "typo"),
        ("Javv工程师", "java", "typo"),
        ("pyhton", "python", "typo"),
        ("machin learning", "machine-learning", "typo"),
        ("cyber secuirty enginer", "29", "typo"),
        ("deep leraning engneer", "49", "typo"),
        ("前段开发", "6", "pinyin"),
        ("前段开发工程师", "6", "pinyin"),
        ("嵌入试开发", "embedded-systems", "pinyin"),
        ("数据挖崛", "data-mining", "pinyin"),
        ("产品经里", "34", "pinyin"),
        ("智彗城市", "smart-city", "pinyin"),
        ("VR系统构架师", "33", "typo"),
    ],
)
def test_what_was_meant(text: str, value: str, via: str) -> None:
    assert (value, via) in corrected(text)


@pytest.mark.parametrize(
    "text",
    [
        "truck",
        "truck driver",
        "nurse",
        "registered nurse",
        "teacher",
        "chef",
        "cook",
        "waiter",
        "plumber",
        "lawyer",
        "cashier",
        "barber",
        "farmer",
        "dance",
        "dance teacher",
        "food delivery",
        "wedding planner",
        "just help",
        "also",
        "personal trainer",
        "hotel receptionist",
        "asdfghjkl qwerty",
        "教师",
        "厨师",
        "护士",
        "司机",
        "卡车司机",
        "语文教师",
        "幼儿园教师",
        "小学数学老师",
        "家政服务员",
        "保安",
        "月嫂",
        "急诊科护士",
        "律师助理",
        "一二三木头人哈哈哈",
        "啦啦啦噗噗嗒嗒咕",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert corrected(text) == set()


def test_a_correction_says_what_it_took_the_words_for() -> None:
    mentions = [mention for mention in read("Javv").mentions if mention.aspect is Aspect.SKILL]
    assert [(m.quote, m.value, m.meant) for m in mentions] == [("Javv", "java", "Java")]
    assert 0 < mentions[0].confidence < 1


@pytest.mark.parametrize("text", ["qianduan", "Javv", "大数据产品经里"])
def test_no_value_is_read_twice_from_the_same_words(text: str) -> None:
    read_as = [(m.aspect, m.value, m.span) for m in read(text).mentions]
    assert len(set(read_as)) == len(read_as)


def test_long_texts_are_read_as_they_are() -> None:
    assert corrected("Javv " + "a" * LONGEST_CORRECTED) == set()


def test_words_that_a_label_holds_are_no_slips() -> None:
    assert corrected("machine") == set()


def test_the_covered_text_has_the_length_of_the_text() -> None:
    vocabulary = load_vocabulary()
    corrector = Corrector(vocabulary.lexicon, vocabulary.segmenter)
    with pytest.raises(ValueError, match="same length"):
        list(corrector.corrections("java", "jav"))
