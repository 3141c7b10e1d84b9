"""A target stands beside its actual figure; what was not entered is not zero, and units are not guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.targets.indicator_kinds import IndicatorKind, kind_of
from search.audit.targets.progress import Actual, base_of, compare, is_met
from search.audit.targets.units import UnitMismatchError, converted
from taxonomies.models import Text
from taxonomies.targets import Comparator, load_indicators

INDICATORS = load_indicators()
BY_ID = {one.id: one for one in INDICATORS}
TALENT = "000-talent-total-table-2022"
AFTER = date(2026, 11, 1)


def entered(indicator: str, value: str, unit: str, on: date, source="entered") -> Actual:
    return Actual(indicator, Decimal(value), unit, on, source, "office-1")


def progress(*actuals: Actual, as_of: date = AFTER):
    found = compare(INDICATORS, actuals, as_of)
    wanted = actuals[0].indicator if actuals else TALENT
    return next(one for one in found if one.indicator.id == wanted)


def test_every_target_is_there_and_without_a_figure_nothing_is_said() -> None:
    found = compare(INDICATORS, [], AFTER)
    assert [one.indicator for one in found] == [one for one in INDICATORS if one.is_target]
    for one in found:
        assert one.standing == "not_entered"
        assert one.value is one.ratio is one.pace is one.actual is None
        assert one.no_pace == "no_actual"


def test_the_ratio_is_in_the_unit_printed() -> None:
    found = progress(entered(TALENT, "2000000", "人", date(2020, 12, 31)))
    assert (found.value, found.ratio) == (Decimal(200), Decimal("0.8"))
    assert found.standing == "not_met"


def test_pace_is_the_straight_line_from_the_figure_reported() -> None:
    # 187.2 at the end of 2016, 250 at the end of 2022; half of the time is over in mid-December 2019.
    found = progress(entered(TALENT, "220", "万人", date(2019, 12, 31)))
    assert found.pace is not None
    assert found.pace.base.id == "000-talent-total-table-2016"
    assert found.pace.time_gone == pytest.approx(Decimal(1095) / 2191)
    assert float(found.pace.expected) == pytest.approx(187.2 + 62.8 * 1095 / 2191)
    assert found.pace.is_kept
    assert not progress(entered(TALENT, "218", "万人", date(2019, 12, 31))).pace.is_kept


@pytest.mark.parametrize(
    ("indicator", "unit", "on", "reason"),
    [
        ("000-it-staff-share-table-2022", "%", date(2019, 1, 1), "kind"),
        ("002-equipment-output-2022", "亿元", date(2019, 1, 1), "kind"),
        ("000-top-talent-2022", "名", date(2019, 1, 1), "no_base"),
        ("003-sharing-bases-x", "个", date(2019, 1, 1), "no_deadline"),
        (TALENT, "万人", date(2023, 1, 1), "after_deadline"),
        (TALENT, "万人", date(2016, 1, 1), "before_base"),
    ],
)
def test_where_there_is_no_straight_line_the_reason_is_said(indicator, unit, on, reason) -> None:
    found = progress(entered(indicator, "1", unit, on))
    assert found.pace is None
    assert found.no_pace == reason
    assert found.value == 1


def test_at_most_is_met_from_below_and_has_no_pace() -> None:
    days = "002-materials-approval-days-x"
    assert progress(entered(days, "90", "天", AFTER)).standing == "met"
    assert progress(entered(days, "91", "天", AFTER)).standing == "not_met"
    dated = replace(BY_ID[days], year=2030)
    actual = entered(days, "80", "天", AFTER)
    assert compare([dated], [actual], AFTER)[0].no_pace == "at_most"


@pytest.mark.parametrize(
    ("comparator", "below", "equal", "above"),
    [
        (Comparator.EQUAL, False, True, True),
        (Comparator.AT_LEAST, False, True, True),
        (Comparator.ABOUT, False, True, True),
        (Comparator.MORE_THAN, False, False, True),
        (Comparator.AT_MOST, True, True, False),
    ],
)
def test_met_is_as_the_comparator_says(comparator, below, equal, above) -> None:
    target = replace(BY_ID[TALENT], comparator=comparator, value=Decimal(10))
    assert [is_met(target, Decimal(v)) for v in (9, 10, 11)] == [below, equal, above]


def test_deadlines() -> None:
    assert progress().due == "passed"
    assert progress().deadline == date(2022, 12, 31)
    assert progress(as_of=date(2022, 12, 31)).due == "ahead"
    late = progress(entered(TALENT, "260", "万人", date(2023, 6, 1)))
    assert late.is_late and late.standing == "met"
    undated = progress(entered("003-sharing-bases-x", "1", "个", AFTER))
    assert (undated.due, undated.deadline, undated.is_late) == ("none", None, False)


def test_the_latest_figure_counts_and_none_is_hidden() -> None:
    early = entered(TALENT, "200", "万人", date(2019, 1, 1))
    late = entered(TALENT, "210", "万人", date(2020, 1, 1))
    computed = entered(TALENT, "211", "万人", date(2020, 1, 1), "computed")
    future = entered(TALENT, "400", "万人", date(2027, 1, 1))
    found = progress(early, computed, late, future)
    assert found.actual is late
    assert found.others == (computed, early)


def test_a_plan_of_zero_has_no_ratio() -> None:
    target = replace(BY_ID[TALENT], value=Decimal(0))
    found = compare([target], [entered(TALENT, "3", "万人", AFTER)], AFTER)[0]
    assert found.ratio is None and found.standing == "met"


def test_a_unit_that_counts_something_else_is_refused_with_the_way_out() -> None:
    with pytest.raises(UnitMismatchError, match="'亿元' was to be compared with one in '万人'"):
        progress(entered(TALENT, "3", "亿元", AFTER))


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("25000", "人", "万人", "2.5"),
        ("2.5", "万名", "人", "25000"),
        ("2.5", "10,000 persons", "人", "25000"),
        ("1.3", "万亿元", "亿元", "13000"),
        ("50", "个", "家", "50"),
        ("7", "％", "%", "7"),
        ("200", "家/年", "家/年", "200"),
    ],
)
def test_units(value: str, unit: str, to: str, expected: str) -> None:
    assert converted(Decimal(value), unit, Text(to, "?")) == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "to"), [("人", "个"), ("%", "个百分点"), ("人", "名/年"), ("", "人"), ("件", "项")]
)
def test_units_that_do_not_fit(unit: str, to: str) -> None:
    with pytest.raises(UnitMismatchError):
        converted(Decimal(1), unit, Text(to, "?"))


@settings(deadline=None)
@given(
    st.sampled_from([one for one in INDICATORS if one.is_target]), st.decimals(0, 10**9, places=2)
)
def test_a_figure_in_the_printed_unit_is_its_own(indicator, value) -> None:
    assert converted(value, indicator.unit.zh, indicator.unit) == value
    assert converted(value, indicator.unit.en, indicator.unit) == value


@pytest.mark.parametrize(
    ("indicator", "kind"),
    [
        (TALENT, IndicatorKind.LEVEL),
        ("000-new-leading-teams-2022", IndicatorKind.CUMULATIVE),
        ("002-digital-apartments-growth-2022", IndicatorKind.CUMULATIVE),
        ("000-cio-above-table-2022", IndicatorKind.SHARE),
        ("003-core-gdp-share-2019", IndicatorKind.GROWTH),
        ("002-materials-productivity-growth-2022", IndicatorKind.GROWTH),
        ("003-online-sales-2019", IndicatorKind.YEARLY),
        ("004-ai-new-startups-x", IndicatorKind.YEARLY),
        ("003-ten-billion-firms-x", IndicatorKind.LEVEL),
    ],
)
def test_kinds(indicator: str, kind: IndicatorKind) -> None:
    assert kind_of(BY_ID[indicator]) is kind


def test_a_base_is_the_same_thing_reported_before() -> None:
    for target in INDICATORS:
        base = base_of(target, INDICATORS)
        if target.is_target and base is not None:
            assert not base.is_target
            assert base.subject.zh == target.subject.zh
            assert base.place == target.place
            assert target.year is None or base.year < target.year
