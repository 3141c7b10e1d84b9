"""Taking conditions out of a reading."""

from __future__ import annotations

from api.readings import handle_of, without
from search.models import Aspect
from search.text.reading import read


def test_the_words_of_a_dropped_condition_go_with_it():
    reading = without(read("Java 杭州"), {"place:330100"})
    assert reading.text == "Java   "
    assert not reading.of(Aspect.PLACE)


def test_words_that_another_condition_needs_stay():
    full = read("Java高级软件工程师")
    titles = {handle_of(mention) for mention in full.of(Aspect.TITLE)}
    assert "Java" in without(full, titles).text


def test_spans_that_remain_are_right():
    reading = without(read("杭州 5年 Python 数据分析"), {"place:330100"})
    for mention in reading.mentions:
        assert reading.text[mention.span.start : mention.span.end] == mention.quote


def test_nothing_dropped_is_the_same_reading():
    reading = read("Java 杭州")
    assert without(reading, set()) is reading
