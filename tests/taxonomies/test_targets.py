"""Indicators hold nothing but their sources' figures, and contradictions of the sources are flagged."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from functools import cache

import pytest

from taxonomies.benefits import without_space
from taxonomies.regions import load_regions
from taxonomies.releases import DATA
from taxonomies.targets import Comparator, Indicator, YearBasis, load_indicators

INDICATORS = load_indicators()
each_indicator = pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.id)


@cache
def printed(file: str) -> str:
    return without_space((DATA / "sources" / "2026.11" / file).read_text("utf-8"))


def figures(text: str) -> set[Decimal]:
    # The cells of a table stand apart; a line of print may break within a figure.
    plain = unicodedata.normalize("NFKC", f"{text} {without_space(text)}").replace(",", "")
    return {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", plain)}


def test_ids_are_unique_and_every_document_is_there() -> None:
    assert max(Counter(one.id for one in INDICATORS).values()) == 1
    assert {one.document[:3] for one in INDICATORS} >= {"000", "002", "003", "004"}
    assert len(INDICATORS) > 300


@each_indicator
def test_words_and_figures_are_those_of_the_source(indicator: Indicator) -> None:
    source = printed(indicator.document)
    assert without_space(indicator.quote) in source
    assert without_space(indicator.heading) in source
    assert without_space(indicator.plan) in source
    assert indicator.value in figures(indicator.quote) or re.search(
        "[一二三四五六七八九十百千万两双翻]", indicator.quote
    )
    if indicator.value_to is not None:
        assert indicator.value_to > indicator.value


@each_indicator
def test_the_comparator_is_the_words(indicator: Indicator) -> None:
    words = {
        Comparator.AT_LEAST: "以上|不少于|不低于|达到|至少|力争|突破|超",
        Comparator.MORE_THAN: "超|突破|多|余|大于|高于",
        Comparator.ABOUT: "约|左右|近|上下|余",
        Comparator.AT_MOST: "以下|不超过|以内|低于|控制|最多",
    }
    if indicator.comparator in words and not indicator.is_table:
        assert re.search(words[indicator.comparator], indicator.quote)


@each_indicator
def test_a_year_is_known_somehow(indicator: Indicator) -> None:
    assert (indicator.year is None) == (indicator.year_basis is YearBasis.NONE)
    assert indicator.place in load_regions()
    if indicator.year_basis is YearBasis.PRINTED and not indicator.is_table:
        assert str(indicator.year) in unicodedata.normalize("NFKC", indicator.quote)


def test_contradictions_of_the_sources_are_flagged() -> None:
    flagged = {one.id: one for one in INDICATORS if one.flag}
    apartments = [one for one in flagged.values() if "人才公寓" in one.subject.zh]
    assert Decimal(100000) in {one.value for one in apartments}
    start = {one.value for one in flagged.values() if "人才资源总量" in one.subject.zh}
    assert {Decimal("12"), Decimal("12.6")} <= start
