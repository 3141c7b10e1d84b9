"""Headers in Chinese and English, renamed, moved, mapped by the caller; and those that cannot be used."""

from __future__ import annotations

from itertools import combinations

import pytest

from ingest.exports.columns import CANDIDATE_COLUMNS, VACANCY_COLUMNS
from ingest.tables.columns import plan_columns
from ingest.tables.model import TableError
from ingest.tables.opening import read_table
from ingest.tables.vocabulary import compact, header_names, headers
from tests.ingest.tables.sheets import csv_of

KINDS = ("candidate", "vacancy")
NEEDED = {"candidate": "headline", "vacancy": "title"}


def plan(header, kind="vacancy", mapping=None, before=()):
    return plan_columns(read_table(csv_of([*before, header, ["x"] * len(header)])), kind, mapping)


def fields(header, kind="vacancy", mapping=None):
    return {column.header: column.field for column in plan(header, kind, mapping).columns}


def refusal(header, kind="vacancy", mapping=None):
    with pytest.raises(TableError) as caught:
        plan(header, kind, mapping)
    return caught.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_means_two_fields(kind):
    names = {
        field: {compact(name) for name in listed} for field, listed in header_names(kind).items()
    }
    assert [pair for pair in combinations(names, 2) if names[pair[0]] & names[pair[1]]] == []


ALL = [(kind, name, field) for kind in KINDS for name, field in headers(kind).items()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_is_read_alone_and_dressed_up(kind):
    for name, field in headers(kind).items():
        needed = [] if field == NEEDED[kind] else [NEEDED[kind]]
        for header in (
            name,
            f" {name.upper()} * ",
            f"{name}：",
            f"{name}（说明）",
            f"\ufeff{name}\u200b",
        ):
            assert fields([*needed, header], kind)[header.strip("\ufeff\u200b ")] == field, header


def test_chinese_and_english_headers_in_any_order():
    assert fields(["招聘人数", "职位名称", "月薪", "工作城市"]) == {
        "招聘人数": "headcount", "职位名称": "title", "月薪": "pay", "工作城市": "region",
    }  # fmt: skip
    assert fields(["Job Title", "Head-count", "Closing date"]) == {
        "Job Title": "title", "Head-count": "headcount", "Closing date": "valid_through",
    }  # fmt: skip
    assert fields(["Name", "E-mail", "Current title", "毕业院校"], "candidate") == {
        "Name": "name", "E-mail": "email", "Current title": "headline", "毕业院校": "school",
    }  # fmt: skip


def test_traditional_and_full_width_headers():
    assert fields(["職位名稱", "ＨＥＡＤＣＯＵＮＴ"]) == {
        "職位名稱": "title",
        "ＨＥＡＤＣＯＵＮＴ": "headcount",
    }


def test_what_stands_in_brackets_is_the_unit():
    (pay,) = [c for c in plan(["职位", "月薪（千元）"]).columns if c.field == "pay"]
    assert pay.unit == "千元"


def test_unknown_headers_are_told_and_no_error():
    found = plan(["职位", "颜色", "", "shoe size"])
    assert found.unknown == ("颜色", "shoe size")


def test_what_may_not_be_read_is_not_read():
    found = plan(["姓名", "职业标题", "性别", "出生日期", "年龄（岁）"], "candidate")
    assert [header for _, header in found.protected] == ["性别", "出生日期", "年龄（岁）"]
    assert {column.field for column in found.columns} == {"name", "headline"}


def test_titles_above_the_header_are_passed_over():
    found = plan(["职位", "人数"], before=[["2026年招聘需求表"], ["填表人：某某"]])
    assert found.header_row == 3


def test_the_callers_mapping_is_stronger():
    assert fields(["职位", "岗位", "X"], mapping={"岗位": "", "x": "headcount"}) == {
        "职位": "title",
        "X": "headcount",
    }
    # A column that would have meant the same is left aside, not a duplicate.
    found = plan(["职位", "X"], mapping={"X": "title"})
    assert [column.header for column in found.columns] == ["X"]
    assert found.unknown == ("职位",)


@pytest.mark.parametrize(
    ("header", "mapping", "code"),
    [
        (["职位", "岗位名称"], None, "duplicate_columns"),
        (["职位", "职位"], None, "duplicate_columns"),
        (["职位", "A", "B"], {"A": "pay", "B": "pay"}, "duplicate_columns"),
        (["人数", "月薪"], None, "missing_column"),
        (["abc", "def"], None, "no_header"),
        (["职位"], {"职位": "colour"}, "unknown_field"),
        (["职位"], {"颜色": "text"}, "mapped_header_missing"),
    ],
)
def test_headers_that_cannot_be_used(header, mapping, code):
    assert refusal(header, mapping=mapping) == code


def test_what_is_wrong_with_the_header_can_be_said(words):
    for header, mapping in (
        (["职位", "职位"], None), (["人数"], None), (["a"], None), (["职位"], {"职位": "c"}), (["职位"], {"c": "text"}),
    ):  # fmt: skip
        with pytest.raises(TableError) as caught:
            plan(header, mapping=mapping)
        said = words(f"table.refused.{caught.value.code}", **caught.value.params)
        assert "{" not in said


def test_exported_headers_are_read(words):
    for kind, columns in (("candidate", CANDIDATE_COLUMNS), ("vacancy", VACANCY_COLUMNS)):
        names = [words(column.name_key) for column in columns]
        assert fields(names, kind) == {
            name: column.field for name, column in zip(names, columns, strict=True)
        }
