"""Values as people write them: each sensible format is taken, what is not understood is asked back."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.tables.contact_values import read_email, read_key, read_phone
from ingest.tables.days import read_date
from ingest.tables.lists import joined, split, split_names
from ingest.tables.pay import read_pay
from ingest.tables.places import read_region, read_regions, read_role, read_wished_roles
from ingest.tables.rows import ValueFaultError
from ingest.tables.skill_cells import read_skills
from ingest.tables.values import (
    read_education,
    read_employment,
    read_status,
    read_whole,
    read_years,
)
from taxonomies.levels import load_education
from taxonomies.regions import load_elsewhere, load_regions


def reason(read, cell, *rest, **more):
    with pytest.raises(ValueFaultError) as caught:
        read(cell, *rest, **more)
    return caught.value.reason.code


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("15k", 15000, 15000),
        ("１５Ｋ", 15000, 15000),
        ("1.5万", 15000, 15000),
        (" 8千 ", 8000, 8000),
        ("15000-20000元/月", 15000, 20000),
        ("15-20K", 15000, 20000),
        ("15k~20k/月", 15000, 20000),
        ("1.5-2万", 15000, 20000),
        ("8千-1.2万", 8000, 12000),
        ("8000-1万", 8000, 10000),
        ("15-20万/年", 12500, 16667),
        ("年薪24万", 20000, 20000),
        ("240,000 per year", 20000, 20000),
        ("15k以上", 15000, None),
        ("6000元以下", None, 6000),
        ("15-20k·14薪", 15000, 20000),
        ("RMB 15,000 / month", 15000, 15000),
        ("15000 to 20000 yuan", 15000, 20000),
        (15000, 15000, 15000),
        (15000.5, 15000, 15000),
        ("50元", 50, 50),
        ("面议", None, None),
        ("", None, None),
        ("negotiable", None, None),
        ("0", 0, 0),
    ],
)
def test_pay(cell, low, high):
    assert read_pay(cell) == (low, high)


def test_pay_with_the_unit_in_the_header():
    assert read_pay("15-20", "k") == (15000, 20000)
    assert read_pay(1.5, "万元") == (15000, 15000)
    assert read_pay(5, "元") == (5, 5)
    assert read_pay("20k", "元") == (20000, 20000)
    assert read_pay(24, "万元", yearly=True) == (20000, 20000)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("200元/天", "pay_period"),
        ("时薪30", "pay_period"),
        ("$3000", "pay_currency"),
        ("3000美元", "pay_currency"),
        ("15", "pay_too_low"),
        ("20-15k", "pay_reversed"),
        ("很多", "not_pay"),
        ("-5000", "not_pay"),
        ("15k20k", "not_pay"),
        ("99999万", "out_of_range"),
        (True, "not_pay"),
    ],
)
def test_pay_that_is_asked_back(cell, code):
    assert reason(read_pay, cell) == code


@pytest.mark.parametrize(
    ("cell", "years"),
    [
        ("3年", 3),
        ("3 years", 3),
        ("3+", 3),
        ("３年以上", 3),
        ("3-5年", 3),
        ("3-5", 3),
        ("三年", 3),
        ("at least 3 years", 3),
        ("5年以上工作经验", 5),
        ("2.5", 2.5),
        (4, 4),
        (4.0, 4),
        ("应届毕业生", 0),
        ("1年以下", 0),
        ("不限", None),
        ("\u200b", None),
    ],
)
def test_years(cell, years):
    assert read_years(cell) == years


@pytest.mark.parametrize(
    ("cell", "code"),
    [("很久", "not_years"), ("99", "out_of_range"), (-1, "out_of_range"), ("3/4", "not_years")],
)
def test_years_that_are_asked_back(cell, code):
    assert reason(read_years, cell) == code


@pytest.mark.parametrize("level", load_education(), ids=lambda level: level.id)
def test_every_name_of_a_level_is_read(level):
    for name in (level.id, level.label.zh, level.label.en, *level.aliases_zh, *level.aliases_en):
        assert read_education(name) == level.id
        if level.id != "lower-secondary":
            assert read_education(f" {name}及以上 ") == level.id
            assert read_education(f"{name} or above") == level.id


def test_levels_unknown_or_open():
    assert reason(read_education, "高手") == "unknown_education"
    assert read_education("不限") is None


DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-30",
        "2026/11/30",
        "2026.11.30",
        "2026年11月30日",
        "2026年11月30号",
        "２０２６－１１－３０",
        "20261130",
        "30 Nov 2026",
        "30th November 2026",
        "Nov 30, 2026",
        "2026-11-30 00:00:00",
        "2026-11-30T08:00:00Z",
        "11/30/2026",
        "30/11/2026",
        DAY,
        datetime(2026, 11, 30, 8),  # noqa: DTZ001
        46356,
        46356.5,
        "46356",
        " 2026 - 11 - 30 ",
    ],
)
def test_days(cell):
    assert read_date(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-02-30", "not_a_date"),
        ("明天", "not_a_date"),
        ("03/04/2026", "ambiguous_date"),
        (True, "not_a_date"),
        (3, "not_a_date"),
        ("2026年11月", "not_a_date"),
        ("0000-01-01", "not_a_date"),
        (1e300, "not_a_date"),
        (float("nan"), "not_a_date"),
    ],
)
def test_days_that_are_asked_back(cell, code):
    assert reason(read_date, cell) == code


@given(st.dates(date(1980, 1, 2), date(2099, 12, 30)))
def test_every_day_is_read_in_every_form(day):
    serial = (day - date(1899, 12, 30)).days
    for cell in (
        day,
        day.isoformat(),
        f"{day:%Y年%m月%d日}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        serial,
    ):
        assert read_date(cell) == day
    assert read_date(serial + 1) == day + timedelta(days=1)


@pytest.mark.parametrize("code", [*load_regions(), *load_elsewhere()])
def test_every_place_is_read_by_its_code_and_labels(code):
    region = load_regions().get(code) or load_elsewhere()[code]
    for text in (code, region.label.zh, region.label.en):
        assert read_region(text) == code, text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("杭州", "330100"),
        ("浙江省杭州市滨江区", "330108"),
        ("浙江-杭州-滨江", "330108"),
        ("杭州·滨江", "330108"),
        ("浙江杭州", "330100"),
        ("Hangzhou City", "330100"),
        (330100, "330100"),
        (330100.0, "330100"),
        ("远程", None),
        (None, None),
    ],
)
def test_places(cell, code):
    assert read_region(cell) == code


def test_places_that_are_asked_back():
    assert reason(read_region, "火星") == "unknown_region"
    assert reason(read_region, "杭州、宁波") == "several_regions"
    assert reason(read_region, "999999") == "unknown_region"
    assert reason(read_regions, "杭州、火星") == "unknown_region"
    assert read_regions("杭州、宁波/杭州") == ("330100", "330200")
    assert read_regions("浙江省,杭州市") == ("330000", "330100")


def test_roles():
    assert read_role("12") == 12
    assert read_role(12.0) == 12
    assert reason(read_role, "999") == "unknown_role"
    assert reason(read_role, "炼金术士") == "unknown_role"
    assert read_wished_roles("12、DBA；架构师") == ((12,), ("DBA", "架构师"))
    assert read_wished_roles('"12"') == ((), ("12",))
    assert reason(read_wished_roles, "12、999") == "unknown_role"


def test_choices():
    assert read_employment("全日制") == "full-time"
    assert read_employment("Part Time") == "part-time"
    assert reason(read_employment, "偶尔") == "unknown_employment"
    assert read_status("已招满", "vacancy") == "closed"
    assert reason(read_status, "求职中", "vacancy") == "unknown_status"


def test_numbers():
    assert read_whole("３人", 1, 10) == 3
    assert read_whole("1,000", 1, 10_000) == 1000
    assert reason(read_whole, "三五个", 1, 10) == "not_a_number"
    assert reason(read_whole, "1.5", 1, 10) == "not_whole"
    assert reason(read_whole, "0", 1, 10) == "out_of_range"
    assert reason(read_whole, "1e99", 1, 10) == "out_of_range"
    assert reason(read_whole, "#N/A", 1, 10) == "formula_error"


def test_contacts_and_keys():
    assert read_phone(13800138000.0) == "13800138000"
    assert read_phone("１３８ ００１３ ８０００") == "138 0013 8000"
    assert read_phone("0571-88880000 转 12") == "0571-88880000 转 12"
    assert reason(read_phone, "没有电话") == "bad_phone"
    assert reason(read_phone, "12") == "bad_phone"
    assert read_email("mailto:ａ@example．com") == "a@example.com"
    assert reason(read_email, "a@b") == "bad_email"
    assert read_key(" A-1\u200b") == "A-1"
    assert reason(read_key, "编号1") == "bad_key"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Java、SQL,Go，Rust；C;D|E｜F\nG/H",
            ["Java", "SQL", "Go", "Rust", "C", "D", "E", "F", "G", "H"],
        ),
        ("CI/CD、Java", ["CI/CD", "Java"]),
        ("Java/CI/CD/SQL", ["Java", "CI/CD", "SQL"]),
        ("Java（熟练，5年）、SQL", ["Java（熟练，5年）", "SQL"]),
        ('"A、B"、C', ["A、B", "C"]),
        ('5" 屏、C', ['5" 屏', "C"]),
        ("(未完，A", ["(未完", "A"]),
        (" ，， ", []),
        ('"a""b"、c', ['a"b', "c"]),
    ],
)
def test_lists(text, parts):
    assert list(split_names(text)) == parts


def test_a_slash_need_not_split():
    assert split("CET-4/6、驾照", slash=False) == ("CET-4/6", "驾照")


names = (
    st.text(
        st.one_of(
            st.sampled_from("、，,;；/|()（）[]\"' \n年5+"),
            st.characters(exclude_categories=["C", "Z"]),
        ),
        min_size=1,
        max_size=12,
    )
    .map(str.strip)
    .filter(bool)
)


@given(st.lists(names, max_size=6))
def test_what_is_joined_is_split_again(listed):
    for slash in (True, False):
        assert list(split_names(joined(listed), slash=slash)) == listed


@given(st.text(max_size=60))
def test_reading_a_list_never_fails(text):
    for part in (*split(text), *split_names(text, slash=False)):
        assert part


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Java（精通，5年）", {"name": "Java", "level": "expert", "years": 5}),
        ("SQL (3 years)", {"name": "SQL", "years": 3}),
        ("C (language)", {"name": "C (language)"}),
        ('"C (expert)"', {"name": "C (expert)"}),
        ('"A/B" (advanced)', {"name": "A/B", "level": "advanced"}),
        ("Go（）", {"name": "Go（）"}),
        ("（精通）", {"name": "（精通）"}),
    ],
)
def test_skills(text, skill):
    assert read_skills(text) == [skill]


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.none()))
def test_no_value_is_more_than_a_fault(cell):
    for read in (
        read_years,
        read_education,
        read_employment,
        read_key,
        read_phone,
        read_email,
        read_date,
        read_region,
        read_regions,
        read_role,
        read_wished_roles,
        read_pay,
        lambda each: read_whole(each, 0, 9),
    ):
        with suppress(ValueFaultError):
            read(cell)
