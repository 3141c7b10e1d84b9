"""Fifty thousand rows with five hundred planted errors: these are told, each in its cell, and no other."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from random import Random

import pytest

from ingest.tables.checking import check
from ingest.tables.columns import plan_columns
from ingest.tables.corrected import write_corrected
from ingest.tables.model import MOST_ROWS
from ingest.tables.opening import read_table
from tests.ingest.tables.sheets import words_in, xlsx_of

HEADER = [
    "编号",
    "职位名称",
    "岗位职责",
    "招聘人数",
    "必备技能",
    "工作年限",
    "学历要求",
    "工作地点",
    "月薪",
    "用工形式",
    "发布日期",
    "截止日期",
]
#: Column, bad value, reason.
PLANTED = [
    ("编号", "编号一", "bad_key"),
    ("职位名称", "", "missing"),
    ("职位名称", "长" * 301, "too_long"),
    ("岗位职责", "只招男性", "refused_posting"),
    ("岗位职责", "年龄35岁以下", "refused_posting"),
    ("招聘人数", "若干", "not_a_number"),
    ("招聘人数", 0, "out_of_range"),
    ("招聘人数", 1.5, "not_whole"),
    ("必备技能", "长" * 301, "too_long"),
    ("工作年限", "很久", "not_years"),
    ("工作年限", 99, "out_of_range"),
    ("学历要求", "高手", "unknown_education"),
    ("工作地点", "火星", "unknown_region"),
    ("工作地点", "杭州、宁波", "several_regions"),
    ("月薪", "面谈为主", "not_pay"),
    ("月薪", "200元/天", "pay_period"),
    ("月薪", 15, "pay_too_low"),
    ("月薪", "20k-10k", "pay_reversed"),
    ("用工形式", "偶尔", "unknown_employment"),
    ("发布日期", "明天", "not_a_date"),
    ("发布日期", "03/04/2026", "ambiguous_date"),
    ("截止日期", "2026-02-30", "not_a_date"),
    ("截止日期", "2020-01-01", "dates_reversed"),
    ("编号", None, "duplicate_key"),
]


def good_row(number, chance):
    return [
        f"V-{number}",
        f"工程师{number}",
        "负责后端开发，熟悉分布式系统与数据库调优。",
        chance.randint(1, 9),
        "Java、MySQL（熟练，3年）",
        chance.choice(["3年", 5, "3-5年", "不限"]),
        chance.choice(["本科", "硕士及以上", "大专"]),
        chance.choice(["杭州市", "宁波", "嘉兴市"]),
        chance.choice(["15-20k", "1.5万", 12000]),
        "全职",
        "2026-11-01",
        "2026年12月31日",
    ]


def planted_sheet():
    chance = Random(2026)
    rows = [good_row(number, chance) for number in range(MOST_ROWS)]
    planted = {}
    # Not the first row, which a duplicate names.
    for at, number in enumerate(sorted(chance.sample(range(1, MOST_ROWS), 500))):
        column, value, reason = PLANTED[at % len(PLANTED)]
        rows[number][HEADER.index(column)] = "V-0" if reason == "duplicate_key" else value
        planted[number + 2, column] = reason
    return xlsx_of([HEADER, *rows]), planted


@pytest.mark.slow
def test_exactly_the_planted_errors_are_told():
    data, planted = planted_sheet()
    assert len(planted) == 500 and set(planted.values()) == {reason for *_, reason in PLANTED}
    table = read_table(data)
    told, good = Counter(), 0
    faults = []
    tracemalloc.start()
    for result in check(table, "vacancy"):
        good += result.record is not None
        faults += result.faults
        told.update((fault.row, fault.column, fault.reason.code) for fault in result.faults)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told == Counter({(row, column, reason): 1 for (row, column), reason in planted.items()})
    assert good == MOST_ROWS - 500
    # The rows are not gathered; the keys are, to find duplicates.
    assert most < 60 * 1024 * 1024
    again = read_table(
        write_corrected(table, plan_columns(table, "vacancy"), faults, words_in("zh"))
    )
    assert len(list(again.rows())) == 501
