"""Measures are never more than their text: not met from silence, not open when ended, not money."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.benefits.book import open_book
from search.benefits.conditions import evaluate
from search.benefits.facts import FactError, Facts, FactValue, Members, OneOf
from search.benefits.screening import Screened, screen
from search.benefits.standing import Standing, Verdict
from search.benefits.verdicts import Truth
from taxonomies.benefit_files import load_benefits
from taxonomies.benefits import (
    FACTS,
    Benefit,
    Condition,
    Leaf,
    StatusValue,
    leaves,
)
from tests.search.benefits.some_facts import LEAVES, all_facts, some_names

TODAY = date(2026, 11, 24)
IN_PERIOD = date(2020, 6, 1)
BENEFITS = {benefit.id: benefit for benefit in load_benefits()}
JIAXING = ("330402",)
for_role = open_book().for_role


def _by_id(screened: tuple[Screened, ...]) -> dict[str, Screened]:
    return {one.benefit.id: one for one in screened}


def _one(benefit_id: str, facts: Facts, as_of: date = IN_PERIOD) -> Screened:
    (screened,) = screen([BENEFITS[benefit_id]], facts, as_of)
    return screened


def _undated(benefit: Benefit) -> Benefit:
    """Return the measure as if its text gave no period."""
    silent = {"start": "not_stated", "end": "not_stated", "quote": "", "where": ""}
    return benefit.model_copy(update={"period": benefit.period.model_copy(update=silent)})


def test_silence_meets_nothing() -> None:
    for screened in screen(load_benefits(), {}, IN_PERIOD):
        assert screened.met_conditions == ()
        assert screened.failed_conditions == ()
        assert screened.open_conditions


@pytest.mark.parametrize("number", [1, 47, 92])
def test_a_role_alone_meets_only_what_it_says(number: int) -> None:
    known = {"role.catalogue", "role.number", "role.field"}
    for screened in for_role(number, as_of=IN_PERIOD):
        for met in screened.met_conditions:
            assert set(met.facts) <= known


def test_what_has_ended_says_so_and_is_not_hidden() -> None:
    then = {one.benefit.id for one in for_role(1, as_of=IN_PERIOD)}
    today = for_role(1, as_of=TODAY)
    assert then <= {one.benefit.id for one in today}
    ended = [one for one in today if one.standing is Standing.ENDED]
    assert ended
    for one in today:
        last = one.benefit.period.last_day
        assert (one.standing is Standing.ENDED) == (last is not None and last < TODAY)
    for one in ended:
        assert one.in_force is Truth.FALSE
        assert one.verdict is Verdict.INELIGIBLE
        assert re.match(r"已到期（(规划期|期限)至\d{4}年.*），来源文件中未见后续政策", one.text.zh)
        assert "no successor in the sources" in one.text.en
        assert "可能适用" not in one.text.zh


def test_granted_measures_may_apply_within_their_period() -> None:
    found = _by_id(for_role(1, JIAXING, as_of=IN_PERIOD))
    trip = found["jiaxing-recruitment-trip-subsidy"]
    assert trip.standing is Standing.APPLIES_IF_OPEN
    assert trip.in_force is Truth.TRUE
    assert trip.text.zh.startswith("可能适用，若：")
    assert trip.text.en.startswith("may apply, if: ")
    assert "上限，不是应得额" in trip.amount.zh
    assert "not an entitlement" in trip.amount.en


@pytest.mark.parametrize(
    ("as_of", "standing"),
    [
        (date(2018, 12, 31), Standing.NOT_YET_IN_FORCE),
        (date(2019, 1, 1), Standing.APPLIES_IF_OPEN),
        (date(2022, 12, 31), Standing.APPLIES_IF_OPEN),
        (date(2023, 1, 1), Standing.ENDED),
    ],
)
def test_the_period_is_kept_to_the_day(as_of: date, standing: Standing) -> None:
    assert _one("jiaxing-rent-subsidy", {}, as_of).standing is standing


def test_planned_and_encouraged_measures_are_never_shown_as_granted() -> None:
    for as_of in (IN_PERIOD, TODAY):
        for one in screen(load_benefits(), {}, as_of):
            if one.benefit.status.value is StatusValue.GRANTED:
                continue
            assert one.standing is not Standing.APPLIES_IF_OPEN
            assert "may apply" not in one.text.en
            assert "可能适用" not in one.text.zh
            assert one.benefit.status.word in one.text.zh
    planned = _one("zhejiang-talent-investment-fund", {})
    assert planned.standing is Standing.PLANNED_ONLY
    assert _one("zhejiang-innovation-voucher", {}).standing is Standing.ENCOURAGED_ONLY


def test_a_loan_is_never_called_a_subsidy() -> None:
    loan = _one("zhejiang-talent-loan", {})
    assert "不是补贴" in loan.amount.zh
    assert "not a subsidy" in loan.amount.en


@pytest.mark.parametrize("number", range(1, 93))
def test_jiaxings_own_catalogue_stays_unknown_for_annex_1_roles(number: int) -> None:
    found = _by_id(for_role(number, JIAXING, as_of=IN_PERIOD))
    subsidy = found["jiaxing-social-insurance-subsidy"]
    assert "role.catalogue" in {fact for one in subsidy.open_conditions for fact in one.facts}
    assert "role.catalogue" not in {fact for one in subsidy.met_conditions for fact in one.facts}


def test_a_known_absence_from_a_catalogue_rules_out() -> None:
    outside = Members(lacking=frozenset({"jiaxing-digital-economy-scarce"}))
    subsidy = _one("jiaxing-social-insurance-subsidy", {"role.catalogue": outside})
    assert subsidy.standing is Standing.DOES_NOT_APPLY
    assert subsidy.text.zh.startswith("不适用")


def test_an_unlisted_tier_leaves_the_condition_open() -> None:
    facts: Facts = {"person.tiers": Members(held=frozenset({"digital-craftsman"}))}
    rebate = _one("jiaxing-income-tax-rebate", facts)
    assert "person.tiers" in {fact for one in rebate.open_conditions for fact in one.facts}


@pytest.mark.parametrize(
    ("places", "standing"),
    [
        ((), Standing.APPLIES_IF_OPEN),
        (("330400",), Standing.APPLIES_IF_OPEN),
        (("330482",), Standing.APPLIES_IF_OPEN),
        (("330000",), Standing.APPLIES_IF_OPEN),
        (("330100", "330400"), Standing.APPLIES_IF_OPEN),
        (("330100",), None),
        (("310000",), None),
    ],
)
def test_place_decides_only_where_it_can(
    places: tuple[str, ...], standing: Standing | None
) -> None:
    found = _by_id(for_role(1, places, as_of=IN_PERIOD)).get("jiaxing-rent-subsidy")
    assert (found.standing if found else None) is standing
    if found:
        met = {fact for one in found.met_conditions for fact in one.facts}
        assert ("place.region" in met) == (places in (("330400",), ("330482",)))


def test_one_jurisdiction_does_not_leak_into_another() -> None:
    found = _by_id(for_role(1, ("330100",), as_of=IN_PERIOD))
    assert "zhejiang-innovation-voucher" in found
    assert "jiaxing-innovation-voucher" not in found


def test_all_conditions_met_leaves_the_decision_to_the_authority() -> None:
    facts: Facts = {
        "place.region": "330400",
        "employer.industry": "digital-economy",
        "person.tiers": "high-level-talent",
    }
    rebate = _one("jiaxing-income-tax-rebate", facts)
    assert rebate.open_conditions == ()
    assert (rebate.standing, rebate.verdict) == (Standing.APPLIES, Verdict.ELIGIBLE)
    assert "以主管部门认定为准" in rebate.text.zh
    assert "酌定" in rebate.text.zh
    assert "discretion" in rebate.text.en


def test_a_measure_without_a_printed_period_says_so() -> None:
    (screened,) = screen([_undated(BENEFITS["jiaxing-rent-subsidy"])], {}, TODAY)
    assert screened.standing is Standing.APPLIES_IF_OPEN
    assert screened.in_force is Truth.UNKNOWN
    assert "原文未写有效期" in screened.text.zh
    assert "period not stated" in screened.text.en


def test_alternatives_are_one_condition() -> None:
    apartments = _one("jiaxing-talent-apartments-on-own-land", {})
    alternative = [one for one in apartments.open_conditions if len(one.facts) == 2]
    assert len(alternative) == 1
    assert "，或" in alternative[0].label.zh
    facts: Facts = {"applicant.holds_land": True}
    met = _one("jiaxing-talent-apartments-on-own-land", facts).met_conditions
    assert any(len(one.facts) == 2 for one in met)


def test_nothing_is_called_eligible_and_no_text_says_more_than_maybe() -> None:
    for as_of in (IN_PERIOD, TODAY):
        for one in screen(load_benefits(), {}, as_of):
            assert not re.search(r"eligible|entitled to|符合条件$", one.text.en + one.text.zh)


def test_what_a_hire_may_get_comes_first() -> None:
    standings = [one.standing for one in for_role(1, JIAXING, as_of=IN_PERIOD)]
    assert standings == sorted(standings, key=list(Standing).index)
    first = for_role(1, JIAXING, as_of=IN_PERIOD)[0].benefit
    assert {"person", "employer"}.intersection(first.beneficiaries)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"person.newly_hird": True}, "no fact is called"),
        ({"person.newly_hired": "yes"}, "true or false"),
        ({"person.newly_hired": 1}, "true or false"),
        ({"place.region": "嘉兴"}, "six-digit"),
        ({"person.tiers": True}, "Members"),
        ({"role.number": "1"}, "a number"),
    ],
)
def test_a_fact_that_cannot_be_used_is_refused(facts: Facts, words: str) -> None:
    with pytest.raises(FactError, match=words):
        screen(load_benefits(), facts, IN_PERIOD)


def test_a_time_of_day_is_refused() -> None:
    with pytest.raises(TypeError, match="give the day alone"):
        screen(load_benefits(), {}, datetime(2020, 6, 1, tzinfo=UTC))


def test_holding_and_lacking_exclude_each_other() -> None:
    both = frozenset({"high-level-talent"})
    with pytest.raises(FactError, match="keep one"):
        Members(held=both, lacking=both)


@given(all_facts, some_names, st.sampled_from(sorted(FACTS)))
def test_one_more_fact_never_undoes_a_decided_condition(
    full: dict[str, FactValue], kept: set[str], added: str
) -> None:
    fewer: Facts = {fact: full[fact] for fact in kept - {added}}
    more: Facts = {**fewer, added: full[added]}
    for benefit in load_benefits():
        before, after = evaluate(benefit.conditions, fewer), evaluate(benefit.conditions, more)
        assert before is Truth.UNKNOWN or after is before


@given(all_facts, some_names)
def test_an_unknown_condition_is_never_met(full: dict[str, FactValue], kept: set[str]) -> None:
    facts: Facts = {fact: full[fact] for fact in kept}
    for one in screen(load_benefits(), facts, IN_PERIOD):
        for met in one.met_conditions:
            assert kept.intersection(met.facts)
        assert not (one.failed_conditions and one.standing is not Standing.DOES_NOT_APPLY)


def test_a_narrower_place_never_undoes_a_verdict() -> None:
    places: list[Condition] = [leaf for leaf in LEAVES if leaf.fact == "place.region"]
    steps = [None, OneOf(frozenset({"330100", "330402"})), OneOf(frozenset({"330402"})), "330402"]
    for condition in places:
        assert isinstance(condition, Leaf)
        seen = [evaluate(condition, {"place.region": step}) for step in steps]
        decided = [truth for truth in seen if truth is not Truth.UNKNOWN]
        assert len(set(decided)) <= 1
        assert seen == sorted(seen, key=lambda truth: truth is not Truth.UNKNOWN)


@given(all_facts, some_names, st.sampled_from(sorted(FACTS)))
def test_one_more_fact_never_turns_a_verdict_into_unknown(
    full: dict[str, FactValue], kept: set[str], added: str
) -> None:
    fewer: Facts = {fact: full[fact] for fact in kept - {added}}
    more: Facts = {**fewer, added: full[added]}
    before = {one.benefit.id: one.verdict for one in screen(load_benefits(), fewer, IN_PERIOD)}
    for one in screen(load_benefits(), more, IN_PERIOD):
        assert before[one.benefit.id] in {Verdict.UNKNOWN, one.verdict}


@given(all_facts, st.sampled_from(sorted(FACTS)))
def test_an_irrelevant_fact_changes_nothing(full: dict[str, FactValue], left_out: str) -> None:
    without: Facts = {fact: value for fact, value in full.items() if fact != left_out}
    benefits = [
        b for b in load_benefits() if left_out not in {x.fact for x in leaves(b.conditions)}
    ]
    for one, other in zip(
        screen(benefits, full, IN_PERIOD), screen(benefits, without, IN_PERIOD), strict=True
    ):
        assert (one.verdict, one.standing, one.text) == (other.verdict, other.standing, other.text)
        assert [part.state for part in one.conditions] == [part.state for part in other.conditions]


@given(all_facts, some_names)
def test_only_what_is_granted_in_force_and_met_throughout_is_eligible(
    full: dict[str, FactValue], kept: set[str]
) -> None:
    for day in (IN_PERIOD, TODAY):
        for one in screen(load_benefits(), {fact: full[fact] for fact in kept}, day):
            if one.verdict is Verdict.ELIGIBLE:
                assert one.benefit.status.value is StatusValue.GRANTED
                assert one.in_force is Truth.TRUE
                assert {part.state for part in one.conditions} == {Truth.TRUE}
