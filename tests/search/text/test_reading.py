"""Whole texts: queries, postings and résumés in Chinese, English and both."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.models import Aspect, Strength
from search.text.reading import read

POSTING_ZH = """【杭州·滨江】高级Java工程师
任职要求：
1. 本科及以上学历，5年以上Java开发经验；
2. 必须精通Spring Boot、MySQL，熟悉Redis；
3. 有Kubernetes经验者优先，英语不作要求。
加分项：
1. Docker
不考虑PHP背景。"""

POSTING_EN = """Analog IC layout engineer, Hangzhou.
Bachelor's degree required, at least 3 years with Cadence Virtuoso.
Must know Verilog. Python is a plus. No PHP please.
"""

POSTING_MIXED = """招聘 Frontend Developer（宁波鄞州），3-5 years。
必须会 JavaScript（主力）和 Node.js，Vue.js 优先。"""

RESUME = "浙江大学硕士毕业，3年前端开发，做过Node JS和Spring-Boot项目，现居嘉兴。期望上海"


def values(text: str, aspect: Aspect, strength: Strength | None = None) -> set[str]:
    """Return what was read about one aspect, of one strength or of any."""
    mentions = read(text).of(aspect)
    return {m.value for m in mentions if strength is None or m.strength is strength}


class TestPostings:
    def test_chinese(self) -> None:
        reading = read(POSTING_ZH)
        assert reading.lang == "zh"
        assert values(POSTING_ZH, Aspect.PLACE) == {"330100", "330108"}
        assert "1" in values(POSTING_ZH, Aspect.TITLE)
        assert values(POSTING_ZH, Aspect.EDUCATION) == {"bachelor"}
        assert values(POSTING_ZH, Aspect.YEARS) == {"5"}
        required = values(POSTING_ZH, Aspect.SKILL, Strength.REQUIRED)
        assert {"spring-boot", "mysql"} <= required
        assert not required & {"redis", "kubernetes", "docker", "php", "java"}
        assert {"kubernetes", "docker"} <= values(POSTING_ZH, Aspect.SKILL, Strength.FAVOURED)
        assert values(POSTING_ZH, Aspect.SKILL, Strength.BANNED) == {"php"}
        assert values(POSTING_ZH, Aspect.LANGUAGE, Strength.OPTIONAL) == {"english"}

    def test_english(self) -> None:
        assert read(POSTING_EN).lang == "en"
        assert values(POSTING_EN, Aspect.PLACE) == {"330100"}
        assert values(POSTING_EN, Aspect.TITLE)
        assert values(POSTING_EN, Aspect.EDUCATION, Strength.REQUIRED) == {"bachelor"}
        assert values(POSTING_EN, Aspect.YEARS) == {"3"}
        assert values(POSTING_EN, Aspect.SKILL, Strength.REQUIRED) == {"verilog"}
        assert "python" in values(POSTING_EN, Aspect.SKILL, Strength.FAVOURED)
        assert values(POSTING_EN, Aspect.SKILL, Strength.BANNED) == {"php"}

    def test_mixed(self) -> None:
        assert read(POSTING_MIXED).lang == "mixed"
        assert values(POSTING_MIXED, Aspect.PLACE) == {"330200", "330212"}
        assert {"javascript", "nodejs"} <= values(POSTING_MIXED, Aspect.SKILL, Strength.REQUIRED)
        assert "vue" in values(POSTING_MIXED, Aspect.SKILL, Strength.FAVOURED)
        assert "java" not in values(POSTING_MIXED, Aspect.SKILL)
        (years,) = read(POSTING_MIXED).of(Aspect.YEARS)
        assert (years.value, years.at_most, years.quote) == ("3", 5, "3-5 years")

    def test_resume(self) -> None:
        assert values(RESUME, Aspect.PLACE) == {"330400", "310000"}
        assert values(RESUME, Aspect.EDUCATION) == {"master"}
        assert values(RESUME, Aspect.YEARS) == {"3"}
        assert {"nodejs", "spring-boot"} <= values(RESUME, Aspect.SKILL)


@pytest.mark.parametrize(
    ("text", "aspect", "value"),
    [
        ("做过模拟电路和流片的工程师", Aspect.SKILL, "tape-out"),
        ("analog IC layout", Aspect.TITLE, "9"),
        ("5年Spring Boot微服务", Aspect.SKILL, "spring-boot"),
        ("量子密钥分发", Aspect.SKILL, "qkd"),
        ("軟體工程師 資訊安全", Aspect.SKILL, "information-security"),
        ("嵌入式软件工程师", Aspect.TITLE, "4"),
        ("嵌入式软件工程师", Aspect.TITLE, "38"),
        ("Python（主力）", Aspect.SKILL, "python"),
        ("golang", Aspect.SKILL, "go"),
        ("Go", Aspect.SKILL, "go"),
        ("go语言", Aspect.SKILL, "go"),
        ("用go写后端", Aspect.SKILL, "go"),
        ("docker, go, python", Aspect.SKILL, "go"),
        ("java/go", Aspect.SKILL, "go"),
        ("C", Aspect.SKILL, "c"),
        ("programming in c", Aspect.SKILL, "c"),
        ("熟悉C/C++", Aspect.SKILL, "c"),
        ("R语言", Aspect.SKILL, "r"),
        ("杭州市滨江区", Aspect.PLACE, "330108"),
        ("滨江", Aspect.PLACE, "330108"),
        ("Hangzhou", Aspect.PLACE, "330100"),
        ("硕士", Aspect.EDUCATION, "master"),
        ("bachelor’s degree", Aspect.EDUCATION, "bachelor"),
        ("日语", Aspect.LANGUAGE, "japanese"),
    ],
)
def test_is_read(text: str, aspect: Aspect, value: str) -> None:
    assert value in values(text, aspect)


@pytest.mark.parametrize(
    ("text", "aspect", "value"),
    [
        ("JavaScript", Aspect.SKILL, "java"),
        ("C++", Aspect.SKILL, "c"),
        ("C#", Aspect.SKILL, "c"),
        ("go to market with Java", Aspect.SKILL, "go"),
        ("let's go Python", Aspect.SKILL, "go"),
        ("C轮融资 Java", Aspect.SKILL, "c"),
        ("USB Type-C Java", Aspect.SKILL, "c"),
        ("C/S架构 Java", Aspect.SKILL, "c"),
        ("R&D engineer, Java", Aspect.SKILL, "r"),
        ("in spring 2020 I learnt Java", Aspect.SKILL, "spring"),
        ("5G测试", Aspect.SKILL, "software-testing"),
        ("面临安全问题", Aspect.PLACE, "330112"),
        ("浙江大学", Aspect.PLACE, "330000"),
        ("本科技公司", Aspect.EDUCATION, "bachelor"),
        ("2017年毕业", Aspect.YEARS, "17"),
    ],
)
def test_is_not_read(text: str, aspect: Aspect, value: str) -> None:
    assert value not in values(text, aspect)


@pytest.mark.parametrize("text", ["高级工程师", "教师", "truck driver", "", "  ", "。", "平台"])
def test_nothing_is_read(text: str) -> None:
    assert read(text).mentions == ()


def test_an_ordinary_word_among_titles_needs_its_context() -> None:
    assert values("in spring 2020 we moved", Aspect.TITLE) == set()


def test_mentions_come_in_the_order_of_the_text() -> None:
    starts = [mention.span.start for mention in read(POSTING_ZH).mentions if mention.span]
    assert all(first <= second for first, second in pairwise(starts))


PIECES = st.sampled_from(
    [
        "Java",
        "C",
        "C++",
        "go",
        "临安",
        "面",
        "浙江",
        "大学",
        "5年以上",
        "必须",
        "优先",
        "隨身碟",
        "（",
        "）",
        "：",
        "，",
        "\n",
        " ",
        "qianduan",
        "①",
        "\u200b",
        "\ud800",
        "e\u0301",
        "Ｐｙｔｈｏｎ",
        "𠮷",
        "3-5",
        "years",
        "not",
        "node.js",
        "前段",
    ]
)


@given(st.text(st.characters(codec=None)) | st.lists(PIECES).map("".join))
def test_reading_never_fails_and_quotes_what_stands_there(text: str) -> None:
    reading = read(text)
    assert reading.text == text
    for mention in reading.mentions:
        assert mention.span is not None
        assert 0 <= mention.span.start < mention.span.end <= len(text)
        assert mention.quote == text[mention.span.start : mention.span.end]
        assert 0 < mention.confidence <= 1


@given(st.lists(PIECES, max_size=12).map("".join))
def test_reading_is_the_same_every_time(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    "unit",
    [
        "java ",
        "C ",
        "熟悉C，",
        "杭州",
        "go, ",
        "3年",
        "必须Java，",
        "資訊安全與隨身碟",
        "隨身碟數據機",
        "程式設計師",
        "a",
        "(",
        "\n",
        "非",
        "无经验",
        "加分项:",
        "1-",
        "a b ",
        "node.js.",
        "university of ",
        "杭州电子",
        "e\u0301",
        "\u200b",
        "\ud800",
    ],
)
def test_twenty_thousand_characters_are_read_in_two_seconds(unit: str) -> None:
    text = (unit * (20_000 // len(unit) + 1))[:20_000]
    read("warm up: qianduan 隨身碟")
    start = time.process_time()
    read(text)
    assert time.process_time() - start <= 2.0
