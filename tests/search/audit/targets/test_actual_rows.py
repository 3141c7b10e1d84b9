"""Rows of actual figures are judged one by one, each fault with its cell, its reason and its way out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.named_rows import MOST_ROWS
from search.audit.targets.actual_rows import read_actuals
from taxonomies.targets import load_indicators

INDICATORS = load_indicators()
TODAY = date(2026, 11, 24)
GOOD = "000-talent-total-table-2022,2300000,人,2021-12-31,yearbook"


def read(*rows: str, header: str = "indicator,value,unit,on,note", encoding="utf-8"):
    content = "\r\n".join([header, *rows]).encode(encoding)
    return read_actuals(content, INDICATORS, by="office-1", today=TODAY)


def test_a_sound_row() -> None:
    found = read(GOOD)
    assert not found.faults
    (actual,) = found.actuals
    assert (actual.indicator, actual.value, actual.unit) == (
        "000-talent-total-table-2022",
        Decimal(2300000),
        "人",
    )
    assert (actual.on, actual.source, actual.by) == (date(2021, 12, 31), "entered", "office-1")
    assert actual.note == "yearbook"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_columns_dates_and_encodings(encoding: str) -> None:
    row = '000-talent-total-table-2022,"2,300,000",人,2021年12月31日,'
    found = read(row, header="指标编号,实际值,单位,统计日期,备注", encoding=encoding)
    assert [one.value for one in found.actuals] == [Decimal(2300000)]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",1,人,2021-12-31,", "indicator", "empty"),
        ("000-talent-total-table-2022,,万人,2021-12-31,", "value", "empty"),
        ("000-talent-total-table-2022,1,,2021-12-31,", "unit", "empty"),
        ("000-talent-total-table-2022,1,万人", "on", "empty"),
        ("000-nothing,1,万人,2021-12-31,", "indicator", "unknown_indicator"),
        ("000-talent-total-table-2016,1,万人,2021-12-31,", "indicator", "not_a_target"),
        ("000-talent-total-table-2022,many,万人,2021-12-31,", "value", "not_a_number"),
        ("000-talent-total-table-2022,1e9,万人,2021-12-31,", "value", "not_a_number"),
        ("000-talent-total-table-2022,NaN,万人,2021-12-31,", "value", "not_a_number"),
        ("000-talent-total-table-2022,-1,万人,2021-12-31,", "value", "negative"),
        ("000-talent-total-table-2022,1,亿元,2021-12-31,", "unit", "unit_mismatch"),
        ("000-talent-total-table-2022,1,万人,2021-02-30,", "on", "not_a_date"),
        ("000-talent-total-table-2022,1,万人,2027-01-01,", "on", "in_future"),
        ("000-cio-above-table-2022,101,%,2021-12-31,", "value", "share_over_100"),
        (f"000-talent-total-table-2022,1,万人,2021-12-31,{'x' * 501}", "note", "too_long"),
    ],
)
def test_a_fault_names_row_column_and_reason_and_the_rest_is_read(row, column, reason) -> None:
    found = read(GOOD, row)
    assert [(fault.row, fault.column, fault.reason) for fault in found.faults] == [
        (3, column, reason)
    ]
    assert found.faults[0].fix
    assert len(found.actuals) == 1


def test_a_unit_that_does_not_fit_says_which_does() -> None:
    (fault,) = read("000-talent-total-table-2022,1,亿元,2021-12-31,").faults
    assert (fault.value, fault.expected) == ("亿元", "万人")


def test_growth_may_be_negative() -> None:
    assert not read("002-materials-productivity-growth-2022,-1.5,%,2021-12-31,").faults


def test_the_same_figure_twice() -> None:
    found = read(GOOD, GOOD)
    assert [(fault.row, fault.reason) for fault in found.faults] == [(3, "duplicate")]
    assert len(found.actuals) == 1


def test_a_missing_column_and_an_empty_file() -> None:
    assert [fault.expected for fault in read(header="value,unit").faults] == ["indicator", "on"]
    found = read_actuals(b"", INDICATORS, by="o", today=TODAY)
    assert {fault.reason for fault in found.faults} == {"no_column"}


def test_what_is_no_text_is_one_fault() -> None:
    found = read_actuals(b"PK\x03\x04\xff\xff\xff", INDICATORS, by="o", today=TODAY)
    assert [fault.reason for fault in found.faults] == ["not_text"]


def test_too_many_rows_are_cut_off_and_said() -> None:
    found = read(*["x,1,人,2021-12-31,"] * MOST_ROWS)
    assert found.faults[-1].reason == "too_many_rows"


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_no_file_breaks_it(content: bytes) -> None:
    header = b"indicator,value,unit,on\n"
    for whole in (content, header + content):
        found = read_actuals(whole, INDICATORS, by="o", today=TODAY)
        assert all(fault.row >= 1 and fault.reason for fault in found.faults)
