"""Each row gives a record or its faults; the same row has the same key wherever it stands."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from ingest.exports.words import fix_words, reason_words
from ingest.tables.checking import check
from ingest.tables.model import TableError
from ingest.tables.opening import read_table
from search.accounts.contacts import Contact
from search.records.models import Candidate, Vacancy
from tests.ingest.tables.sheets import csv_of, faults_of, only, results, words_in, xlsx_of

BOTH = pytest.mark.parametrize("make", [csv_of, xlsx_of], ids=["csv", "xlsx"])

CANDIDATE = {
    "编号": "A-1",
    "姓名": "示例",
    "电话": "138 0013 8000",
    "邮箱": "a@example.com",
    "职业标题": "Java工程师",
    "个人简介": "后端",
    "技能": 'Java（精通，5年）、CI/CD、"A/B、C"',
    "工作年限": "5年以上",
    "所在地": "杭州市滨江区",
    "学历": "本科",
    "毕业院校": "示例大学",
    "专业": "软件",
    "语言": "英语、日语",
    "证书": "CET-4/6",
    "工作经历": "2021-03 – | Java工程师 | 示例公司 | 后端\n2019.7-2021.2 | 实习生",
    "期望职位": "12、DBA",
    "期望工作地点": "杭州、宁波",
    "期望月薪": "2万",
    "期望用工形式": "全职、兼职",
    "人才类别": "E类",
    "到岗日期": date(2027, 1, 1),
    "状态": "求职中",
}
VACANCY = {
    "编号": "V.1",
    "职位名称": "架构师",
    "职位描述": "总述",
    "岗位职责": "负责",
    "任职要求": "熟悉",
    "单位名称": "示例公司",
    "目录岗位": 12,
    "招聘人数": "3人",
    "技能": "SQL",
    "必备技能": "Java（精通）",
    "可选技能": "Go",
    "工作年限": "3-5年",
    "学历要求": "本科及以上",
    "工作地点": "杭州",
    "月薪": "15-20k",
    "用工形式": "全职",
    "语言要求": "英语",
    "发布日期": "2026-11-01",
    "截止日期": "2026年11月30日",
    "状态": "招聘中",
}


def sheet(values):
    return [list(values), list(values.values())]


@BOTH
def test_a_candidate_with_every_field(make):
    (result,) = results(sheet(CANDIDATE), "candidate", make=make)
    assert result.faults == ()
    assert result.contact == Contact("示例", "138 0013 8000", "a@example.com")
    assert result.record == Candidate.model_validate(
        {
            "key": "A-1",
            "headline": "Java工程师",
            "summary": "后端",
            "skills": [
                {"name": "Java", "level": "expert", "years": 5},
                {"name": "CI/CD"},
                {"name": "A/B、C"},
            ],
            "years_experience": 5,
            "region": "330108",
            "education": [{"level": "bachelor", "school": "示例大学", "subject": "软件"}],
            "languages": ["英语", "日语"],
            "certificates": ["CET-4/6"],
            "work": [
                {
                    "title": "Java工程师",
                    "employer": "示例公司",
                    "start": "2021-03",
                    "summary": "后端",
                },
                {"title": "实习生", "start": "2019-07", "end": "2021-02"},
            ],
            "wishes": {
                "roles": [12],
                "titles": ["DBA"],
                "regions": ["330100", "330200"],
                "pay_monthly_yuan": 20000,
                "employment": ["full-time", "part-time"],
            },
            "talent_tier": "E类",
            "available_from": date(2027, 1, 1),
            "status": "active",
        }
    )


@BOTH
def test_a_vacancy_with_every_field(make):
    assert only(sheet(VACANCY), "vacancy", make=make) == Vacancy.model_validate(
        {
            "key": "V.1",
            "title": "架构师",
            "text": "总述\n负责\n熟悉",
            "employer": "示例公司",
            "role": 12,
            "headcount": 3,
            "skills": [
                {"name": "Java", "level": "expert", "strength": "required"},
                {"name": "SQL", "strength": "favoured"},
                {"name": "Go", "strength": "optional"},
            ],
            "years_at_least": 3,
            "education_at_least": "bachelor",
            "region": "330100",
            "pay_monthly_yuan_from": 15000,
            "pay_monthly_yuan_to": 20000,
            "employment": "full-time",
            "languages": ["英语"],
            "posted": date(2026, 11, 1),
            "valid_through": date(2026, 11, 30),
            "status": "open",
        }
    )


def test_the_contact_is_no_part_of_the_record():
    (result,) = results(sheet(CANDIDATE), "candidate")
    assert "138" not in result.record.model_dump_json() and "示例@" not in str(result.record)
    assert not {"name", "phone", "email"} & set(Candidate.model_fields)


def test_pay_in_two_columns_and_by_the_year():
    assert (
        only([["职位", "薪资下限", "薪资上限"], ["a", "8k", "1万"]], "vacancy").pay_monthly_yuan_to
        == 10000
    )
    assert only([["职位", "年薪"], ["a", "24万"]], "vacancy").pay_monthly_yuan_from == 20000
    assert only([["职位", "薪资(千元)"], ["a", "8-10"]], "vacancy").pay_monthly_yuan_from == 8000


FAULTY = [
    (["职位", "人数"], ["", "3"], (2, "职位", "missing", "fill_in")),
    (["职位", "人数"], ["a", "很多"], (2, "人数", "not_a_number", "write_number")),
    (["职位", "人数"], ["a", "0"], (2, "人数", "out_of_range", "write_number")),
    (["职位", "工作年限"], ["a", "很久"], (2, "工作年限", "not_years", "write_years")),
    (["职位", "学历要求"], ["a", "高手"], (2, "学历要求", "unknown_education", "write_education")),
    (["职位", "工作地点"], ["a", "火星"], (2, "工作地点", "unknown_region", "write_region")),
    (
        ["职位", "工作地点"],
        ["a", "杭州、宁波"],
        (2, "工作地点", "several_regions", "write_one_region"),
    ),
    (["职位", "目录岗位"], ["a", "炼金术士"], (2, "目录岗位", "unknown_role", "write_role")),
    (
        ["职位", "用工形式"],
        ["a", "偶尔"],
        (2, "用工形式", "unknown_employment", "write_employment"),
    ),
    (["职位", "状态"], ["a", "也许"], (2, "状态", "unknown_status", "write_status_vacancy")),
    (["职位", "发布日期"], ["a", "明天"], (2, "发布日期", "not_a_date", "write_date")),
    (["职位", "发布日期"], ["a", "03/04/2026"], (2, "发布日期", "ambiguous_date", "write_date")),
    (["职位", "月薪"], ["a", "很多"], (2, "月薪", "not_pay", "write_pay")),
    (["职位", "月薪"], ["a", "200元/天"], (2, "月薪", "pay_period", "write_pay")),
    (["职位", "月薪"], ["a", "15"], (2, "月薪", "pay_too_low", "write_pay_unit")),
    (["职位", "编号"], ["a", "编号1"], (2, "编号", "bad_key", "write_key")),
    (["职位"], ["a" * 301], (2, "职位", "too_long", "shorten")),
    (["职位", "技能"], ["a", "、".join(map(str, range(201)))], (2, "技能", "too_many", "fewer")),
    (["职位", "必备技能"], ["a", "b" * 301], (2, "必备技能", "too_long", "shorten")),
    (["职位", "岗位职责"], ["a", "限男性"], (2, "岗位职责", "refused_posting", "refused_posting")),
    (["职位", "技能"], ["a", "Java、35岁以下"], (2, "技能", "refused_posting", "refused_posting")),
    (["职位", "性别要求"], ["a", "男"], (2, "性别要求", "refused_posting", "refused_posting")),
    (
        ["职位", "年龄要求"],
        ["a", "35岁以下"],
        (2, "年龄要求", "refused_posting", "refused_posting"),
    ),
]


@BOTH
@pytest.mark.parametrize(("header", "row", "fault"), FAULTY, ids=[str(each[2]) for each in FAULTY])
def test_a_fault_names_row_column_reason_and_way_out(header, row, fault, make):
    assert faults_of([header, row], "vacancy", make=make) == [fault]


def test_faults_of_a_pair_of_cells():
    rows = [
        ["职位", "薪资下限", "薪资上限", "发布日期", "截止日期"],
        ["a", "2万", "1万", "2026-12-01", "2026-11-01"],
    ]
    assert faults_of(rows, "vacancy") == [
        (2, "薪资上限", "pay_reversed", "swap_pay"),
        (2, "截止日期", "dates_reversed", "swap_dates"),
    ]


def test_faults_of_candidates():
    rows = [
        ["职业标题", "电话", "邮箱", "期望职位", "工作经历", "状态"],
        ["a", "无法联系", "a＠b", "999", "去年 | 经理", "也许"],
    ]
    assert faults_of(rows, "candidate") == [
        (2, "电话", "bad_phone", "write_phone"),
        (2, "邮箱", "bad_email", "write_email"),
        (2, "期望职位", "unknown_role", "write_role"),
        (2, "工作经历", "not_work", "write_work"),
        (2, "状态", "unknown_status", "write_status_candidate"),
    ]


def test_all_faults_of_a_row_are_told_at_once_in_the_order_of_its_columns():
    rows = [["截止日期", "职位", "人数", "学历"], ["明天", "a", "很多", "高手"]]
    assert [fault[1] for fault in faults_of(rows, "vacancy")] == ["截止日期", "人数", "学历"]


def test_a_fault_quotes_the_value_cut():
    rows = [["职位", "人数"], ["a", "很" * 5000]]
    (result,) = results(rows, "vacancy")
    assert result.faults[0].value.startswith("很很") and len(result.faults[0].value) == 200


def test_a_fault_can_be_said_in_both_languages(words):
    rows = [FAULTY[0][0]]
    for header, row, _ in FAULTY:
        rows = [header, row]
        for result in results(rows, "vacancy"):
            for fault in result.faults:
                said = reason_words(words, fault.reason) + fix_words(words, fault.fix)
                assert said and "{" not in said


def test_conditions_that_ask_nothing_are_no_fault():
    record = only([["职位", "性别要求", "年龄要求"], ["a", "不限", ""]], "vacancy")
    assert record.title == "a" and record.text == ""


def test_what_may_not_be_read_of_a_candidate_is_not():
    (result,) = results([["职业标题", "性别", "民族"], ["a", "女", "示例族"]], "candidate")
    assert "女" not in result.record.model_dump_json()


@BOTH
def test_rows_wholly_empty_are_passed_over(make):
    rows = [["职位"], [None], ["a"], [" \u3000\u200b"], [None], ["b"]]
    assert [(each.row, each.record.title) for each in results(rows, "vacancy", make=make)] == [
        (3, "a"),
        (6, "b"),
    ]


def test_duplicates_name_the_first_row():
    rows = [["编号", "职位"], ["1", "a"], ["2", "b"], ["1", "c"], ["1", "d"]]
    found = results(rows, "vacancy")
    assert [each.row for each in found if each.faults] == [4, 5]
    (fault,) = found[3].faults
    assert (fault.reason.code, fault.reason.params, fault.column) == (
        "duplicate_key",
        {"first": 2},
        "编号",
    )
    rows = [["职位"], ["a"], ["b"], ["a"]]
    (fault,) = results(rows, "vacancy")[2].faults
    assert (fault.reason.code, fault.reason.params["first"], fault.column) == (
        "duplicate_row",
        2,
        "",
    )


def test_a_key_follows_from_what_the_row_says():
    first = only([["职位", "人数"], ["a", 3]], "vacancy")
    assert len(first.key) == 64
    for rows in (
        [["人数", "职位"], ["3", " a "]],
        [["标题", "没见过"], ["x", "y"], ["a", ""]],
        [["Headcount", "Title", "Colour"], [3.0, "a", "blue"]],
    ):
        records = [each.record for each in results(rows, "vacancy", make=xlsx_of) if each.record]
        same = [record for record in records if record.key == first.key]
        assert len(same) == (0 if rows[0][0] == "标题" else 1)
    assert only([["职位", "人数"], ["a", 4]], "vacancy").key != first.key


def test_two_people_with_the_same_profile_are_two():
    rows = [["姓名", "职业标题"], ["甲", "Java工程师"], ["乙", "Java工程师"]]
    keys = [each.record.key for each in results(rows, "candidate")]
    assert len(set(keys)) == 2
    assert keys == [each.record.key for each in results(rows, "candidate")]


def test_an_interrupted_check_goes_on_and_still_sees_duplicates():
    rows = [["编号", "职位"], *([str(number % 7), f"a{number}"] for number in range(12))]
    table = read_table(csv_of(rows))
    whole = list(check(table, "vacancy"))
    for after in range(14):
        rest = list(check(table, "vacancy", after_row=after))
        assert rest == [each for each in whole if each.row > after]


def test_rows_are_worked_out_when_asked_for():
    rows = [["职位"], *([f"a{number}"] for number in range(1000))]
    assert [each.row for each in islice(check(read_table(csv_of(rows)), "vacancy"), 3)] == [2, 3, 4]


def test_a_header_that_cannot_be_used_is_refused_at_once():
    with pytest.raises(TableError):
        check(read_table(csv_of([["abc"], ["x"]])), "vacancy")


def test_the_callers_mapping_is_followed():
    rows = [["A", "B"], ["架构师", "3"]]
    record = only(rows, "vacancy", {"A": "title", "B": "headcount"})
    assert (record.title, record.headcount) == ("架构师", 3)


def test_codes_of_the_source_have_words_and_words_are_used():
    from pathlib import Path
    from re import findall

    source = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("tables", ".")
        for path in (Path(__file__).parents[3] / "ingest" / folder).glob("*.py")
    )
    named = set(findall(r'"([a-z_]+)"', source))
    for lang in ("zh", "en"):
        entries = words_in(lang)._entries
        for prefix in ("table.reason.", "table.fix."):
            codes = {key.removeprefix(prefix) for key in entries if key.startswith(prefix)}
            composed = {
                "unknown_role",
                "unknown_region",
                "write_status_vacancy",
                "write_status_candidate",
            }
            assert codes - named <= composed
        raised = set(findall(r'Remark\("([a-z_]+)"', source))
        assert all(
            f"table.reason.{code}" in entries or f"table.fix.{code}" in entries for code in raised
        )
        for reason, fix in findall(r'ValueFaultError\(\s*"([a-z_]+)", "([a-z_]+)"', source):
            assert f"table.reason.{reason}" in entries and f"table.fix.{fix}" in entries


@pytest.mark.parametrize("mark", [" ", "/", "(", '"', "年", "C/C++、", "1-", "杭州"])
def test_a_huge_cell_is_a_fault_and_no_burden(mark):
    huge = (mark * 90_000)[:90_000] + "x"
    for kind, values in (("candidate", CANDIDATE), ("vacancy", VACANCY)):
        header = list(values)
        rows = [
            header,
            *([huge if name == each else values[name] for name in header] for each in header),
        ]
        found = results(rows, kind)
        assert len(found) == len(header)
        assert sum(not each.faults for each in found) <= 3  # texts of some fields may be long
