"""Terms are words that say something, each once."""

from __future__ import annotations

from search.audit.terms import are_chinese, terms_of


def test_terms_are_words_of_two_characters_and_more_without_numbers() -> None:
    found = terms_of("负责Java后端开发，Java 8，C++ 与 R，2026年")
    assert {"java", "c++", "后端", "开发"} <= set(found)
    assert not {"8", "2026", "r", "年"} & set(found)
    assert list(found) == sorted(set(found))
    assert terms_of("") == ()


def test_english_words_stay_as_they_are_written() -> None:
    assert terms_of("Business architects, mobile services") == (
        "architects",
        "business",
        "mobile",
        "services",
    )


def test_what_is_written_in_chinese_can_be_compared_with_a_duty() -> None:
    assert are_chinese(terms_of("熟悉 Java"))
    assert not are_chinese(terms_of("Knows Java"))
    assert not are_chinese(())
