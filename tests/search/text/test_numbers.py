"""Years of experience, and the many other things that a number before 年 or "years" may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.normalise import normalise
from search.text.numbers import find_years


def years(text: str) -> list[tuple[str, float, float | None]]:
    """Return what is read: the words, at least, at most."""
    normal = normalise(text)
    return [(normal.quote(y.start, y.end), y.at_least, y.at_most) for y in find_years(normal.text)]


@pytest.mark.parametrize(
    ("text", "quote", "at_least", "at_most"),
    [
        ("5年", "5年", 5, None),
        ("5年以上", "5年以上", 5, None),
        ("3-5年", "3-5年", 3, 5),
        ("3~5年经验", "3~5年", 3, 5),
        ("3—5年", "3—5年", 3, 5),
        ("3–5年", "3–5年", 3, 5),
        ("3至5年", "3至5年", 3, 5),
        ("三到五年", "三到五年", 3, 5),
        ("3年-5年", "3年-5年", 3, 5),
        ("3-5年以上", "3-5年以上", 3, None),
        ("三年以上", "三年以上", 3, None),
        ("五年及以上", "五年及以上", 5, None),
        ("5年或以上", "5年或以上", 5, None),
        ("十年", "十年", 10, None),
        ("十五年", "十五年", 15, None),
        ("二十年", "二十年", 20, None),
        ("二十五年", "二十五年", 25, None),
        ("两年", "两年", 2, None),
        ("兩年以上", "兩年以上", 2, None),
        ("三五年", "三五年", 3, 5),
        ("两三年", "两三年", 2, 3),
        ("一年半", "一年半", 1.5, None),
        ("半年以上", "半年以上", 0.5, None),
        ("2.5年", "2.5年", 2.5, None),
        ("３年", "３年", 3, None),
        ("3 年", "3 年", 3, None),
        ("5+年", "5+年", 5, None),
        ("5年+", "5年+", 5, None),
        ("10多年", "10多年", 10, None),
        ("十余年", "十余年", 10, None),
        ("十几年", "十几年", 10, None),
        ("不少于5年", "5年", 5, None),
        ("不超过3年", "3年", 0, 3),
        ("3年以内", "3年以内", 0, 3),
        ("3年以下", "3年以下", 0, 3),
        ("5年前端开发", "5年", 5, None),
        ("3年后端", "3年", 3, None),
        ("3年终端软件", "3年", 3, None),
        ("2年底层驱动", "2年", 2, None),
        ("2年内核开发", "2年", 2, None),
        ("2年会计", "2年", 2, None),
        ("1年初级工程师", "1年", 1, None),
        ("目前3年经验", "3年", 3, None),
        ("5 years", "5 years", 5, None),
        ("5+ years", "5+ years", 5, None),
        ("five years", "five years", 5, None),
        ("five (5) years", "five (5) years", 5, None),
        ("3 to 5 years", "3 to 5 years", 3, 5),
        ("three to five years", "three to five years", 3, 5),
        ("3-5 yrs", "3-5 yrs", 3, 5),
        ("at least 3 yrs", "3 yrs", 3, None),
        ("1 year", "1 year", 1, None),
        ("more than ten years", "ten years", 10, None),
        ("fifteen years", "fifteen years", 15, None),
        ("twenty-five years", "twenty-five years", 25, None),
        ("a 5-year track record", "5-year", 5, None),
        ("5 or more years", "5 or more years", 5, None),
        ("5 years or more", "5 years or more", 5, None),
        ("up to 5 years", "5 years", 0, 5),
        ("less than 2 years", "2 years", 0, 2),
        ("no less than 3 years", "3 years", 3, None),
        ("10 YoE", "10 YoE", 10, None),
    ],
)
def test_length_of_experience(
    text: str, quote: str, at_least: float, at_most: float | None
) -> None:
    assert years(text) == [(quote, at_least, at_most)]


@pytest.mark.parametrize(
    "text",
    [
        "2017年",
        "2019-2022年",
        "2019-22年",
        "2017-2022年规划",
        "1998年出生",
        "二〇一七年",
        "二零一七年",
        "90年代",
        "九十年代",
        "年薪20万",
        "20年薪",
        "三年级",
        "三年计划",
        "4年制本科",
        "5年前",
        "3年后",
        "第3年",
        "每年",
        "一年一次",
        "未来5年",
        "成立10年",
        "公司有20年历史",
        "15年毕业",
        "19年3月",
        "5天年假",
        "上半年",
        "五百年",
        "十三五",
        "18岁",
        "8-3年",
        "60年",
        "5 years old",
        "18 years of age",
        "5 years ago",
        "a 5-year plan",
        "over the next 5 years",
        "founded 20 years",
        "every 3 years",
        "year 2017",
        "per year",
        "leap years",
        "",
    ],
)
def test_no_length_of_experience(text: str) -> None:
    assert years(text) == []


def test_several_in_one_text() -> None:
    assert [entry[0] for entry in years("5年以上Java，其中2年带团队，2019年起在杭州")] == [
        "5年以上",
        "2年",
    ]


@given(st.integers(1, 50))
def test_digits_mean_what_they_say(count: int) -> None:
    assert years(f"{count}年以上") == [(f"{count}年以上", count, None)]
    assert years(f"{count} years") == [(f"{count} years", count, None)]


@given(st.text("0123456789一二两三五十百半年多以上内-~+至到() yearsto.", max_size=40))
def test_spans_lie_in_the_text_and_bounds_in_order(text: str) -> None:
    for found in find_years(text):
        assert 0 <= found.start < found.end <= len(text)
        assert 0 <= found.at_least <= (50 if found.at_most is None else found.at_most)
