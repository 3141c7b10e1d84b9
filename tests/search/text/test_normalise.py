"""The normal form: the same for all ways to write a thing, stable, and with a way back to what was written."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.text.normalise import detect_language, normal_forms, normalise

#: Texts with lone surrogates, Chinese of both kinds, marks that combine, and what nobody sees.
ANY_TEXT = st.text(
    st.characters(codec=None)
    | st.sampled_from("軟體資訊隨身碟程式數據機著乾后\u0301\u200b\ufe0f①Ａ\n\u3000")
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("", ""),
        ("Java", "java"),
        ("Ｊａｖａ　Ｗｅｂ", "java web"),
        ("Ｃ＋＋／Ｃ＃", "c++/c#"),
        ("Ja\u200bva", "java"),
        ("\u202eJava\u202c", "java"),
        ("Ja\ufe0fva\u00ad", "java"),
        ("\ufeffJava\ud800", "java"),
        ("Java\x00Go", "java go"),
        ("軟體", "软件"),
        ("軟體開發", "软件开发"),
        ("資訊安全", "信息安全"),
        ("隨身碟", "u盘"),
        ("區塊鏈", "区块链"),
        ("雲計算", "云计算"),
        ("𠮷田", "𠮷田"),
        ("①Java②Go", " 1 java 2 go"),
        ("㍿", "株式会社"),
        ("ﬁber", "fiber"),
        ("cafe\u0301", "café"),
        ("ｶﾞ", "ガ"),
        ("한", "한"),
        ("Bachelor’s", "bachelor's"),
        ("spring‑boot", "spring-boot"),
        ("3–5年", "3-5年"),
        ("a\r\nb\u2028c", "a\n\nb\nc"),
    ],
)
def test_normal_form(written: str, normal: str) -> None:
    assert normalise(written).text == normal


@pytest.mark.parametrize("text", ["程序员", "微信小程序 後端", "小程序开发", "信息化文件数据库"])
def test_words_of_the_mainland_are_not_taken_for_those_of_taiwan(text: str) -> None:
    assert normalise(text).text == text.replace("後", "后")


@pytest.mark.parametrize(
    ("written", "word", "quote"),
    [
        ("會用隨身碟備份", "u盘", "隨身碟"),
        ("隨身碟、數據機與Java", "调制解调器", "數據機"),
        ("隨身碟、數據機與Java", "java", "Java"),
        ("cafe\u0301 Java", "é", "e\u0301"),
        ("Ja\u200bva工程師", "java", "Ja\u200bva"),
        ("會Ｊａｖａ的", "java", "Ｊａｖａ"),
        ("㍿ Java", "式会", "㍿"),
        ("精通Java\u200b、Go", "java", "Java"),
        ("𠮷𠮷Java", "java", "Java"),
    ],
)
def test_a_span_is_carried_back_to_the_words_as_written(
    written: str, word: str, quote: str
) -> None:
    normal = normalise(written)
    start = normal.text.index(word)
    assert normal.quote(start, start + len(word)) == quote


@given(ANY_TEXT)
@example("隨身碟數據機" * 3)
@example("e\u0301\u0302 \ud83d\ude00")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


def test_normalising_twice_is_normalising_once_for_every_character() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    assigned = [
        c for c in every if unicodedata.category(c) not in {"Cn", "Co", "Cs"} and c.isprintable()
    ]
    once = normal_forms(assigned)
    assert len(assigned) > 140_000
    assert normal_forms(once) == once


@given(ANY_TEXT)
def test_every_character_has_a_way_back(text: str) -> None:
    normal = normalise(text)
    assert len(normal.origin) == len(normal.until) == len(normal.text)
    assert list(normal.origin) == sorted(normal.origin)
    for index in range(len(normal.text)):
        span = normal.span(index, index + 1)
        assert 0 <= span.start < span.end <= len(text)
        assert normal.quote(index, index + 1) == text[span.start : span.end]


@given(
    st.lists(
        ANY_TEXT.map(lambda text: " ".join(text.split())).filter(lambda text: text.isprintable())
    )
)
def test_many_at_once_are_the_same_as_one_by_one(texts: list[str]) -> None:
    assert normal_forms(texts) == [normalise(text).text for text in texts]


def test_many_at_once_are_single_lines() -> None:
    with pytest.raises(ValueError, match="single line"):
        normal_forms(["a\nb"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("Java engineer", "en"),
        ("Java工程师", "zh"),
        ("量子密钥分发", "zh"),
        ("𠮷", "zh"),
        ("Senior backend engineer 杭州", "mixed"),
        ("5+ years", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language
