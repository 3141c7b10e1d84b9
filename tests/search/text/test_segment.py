"""Tokens: names of technologies whole, English stemmed, the taxonomy's words kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.segment import STOPWORDS, Segmenter, tokeniser_name
from search.text.vocabulary import load_vocabulary


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return load_vocabulary().segmenter


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("C++", ["c++"]),
        ("C#", ["c#"]),
        (".NET", [".net"]),
        ("Node.js", ["node.js"]),
        ("ASP.NET Core", ["asp.net", "core"]),
        ("C/C++/C#", ["c", "c++", "c#"]),
        ("c++17", ["c++", "17"]),
        ("802.11ac", ["802.11ac"]),
        ("Ph.D. or B.Sc", ["ph.d", "b.sc"]),
        ("web3.js", ["web3.js"]),
        ("1.Java 2.Python", ["1", "java", "2", "python"]),
        ("platform.Java", ["platform", "java"]),
        ("bachelor’s", ["bachelor"]),
        ("résumé", ["résumé"]),
        ("𠮷野家", ["𠮷", "野家"]),
        ("snake_case", ["snake", "case"]),
        ("we are with you的", []),
        ("", []),
        ("，。！？ \u200b", []),
    ],
)
def test_tokens(segmenter: Segmenter, text: str, tokens: list[str]) -> None:
    assert segmenter.tokens(text) == tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("developing", "developed"),
        ("engineers", "engineer"),
        ("networks", "networking"),
        ("软件", "軟體"),
        ("軟體開發", "软件开发"),
        ("Ｊａｖａ", "java"),
    ],
)
def test_forms_of_a_word_share_a_token(segmenter: Segmenter, one: str, other: str) -> None:
    assert segmenter.tokens(one) == segmenter.tokens(other) != []


@pytest.mark.parametrize("name", ["kubernetes", "k8s", "css", "aws", "es6", "stm32"])
def test_short_names_and_names_with_digits_are_not_stemmed_apart(
    segmenter: Segmenter, name: str
) -> None:
    assert len(segmenter.tokens(name)) == 1
    if not name.isalpha() or len(name) < 4:
        assert segmenter.tokens(name) == [name]


def test_the_taxonomys_words_are_kept_and_followed_by_the_words_inside() -> None:
    assert "集成电路版图设计工程师" not in Segmenter(()).tokens("集成电路版图设计工程师")
    tokens = Segmenter(["集成电路版图设计工程师"]).tokens("集成电路版图设计工程师")
    assert "集成电路版图设计工程师" in tokens
    assert {"电路", "设计", "工程师"} <= set(tokens)


def test_a_segmenter_of_its_own_leaves_others_alone() -> None:
    Segmenter(["甲乙丙丁戊"])
    assert not Segmenter(()).knows("甲乙丙丁戊")
    assert not load_vocabulary().segmenter.knows("甲乙丙丁戊")


@pytest.mark.parametrize("word", ["区块链", "嵌入式软件工程师", "量子密钥分发"])
def test_labels_are_words(segmenter: Segmenter, word: str) -> None:
    assert word in segmenter.tokens(f"招聘{word}一名")


@given(st.text())
def test_tokens_are_the_same_every_time_and_never_stop_words(text: str) -> None:
    segmenter = load_vocabulary().segmenter
    tokens = segmenter.tokens(text)
    assert tokens == segmenter.tokens(text)
    assert not STOPWORDS & set(tokens)
    # Both backends index the tokens separated by blanks.
    assert all(token and token.split() == [token] for token in tokens)


@given(st.text())
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(load_vocabulary().segmenter.words(text)) == text


def test_the_name_tells_vocabularies_apart_and_not_their_order() -> None:
    assert tokeniser_name(["甲", "乙"]) == tokeniser_name(["乙", "甲"])
    assert tokeniser_name(["甲", "乙"]) != tokeniser_name(["甲"])
