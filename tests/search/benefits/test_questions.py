"""Questions lead to verdicts: the first settles most, and asked to the end nothing is left open."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from search.benefits.book import open_book
from search.benefits.conditions import evaluate
from search.benefits.facts import Facts, FactValue
from search.benefits.questions import nearest_misses, questions
from search.benefits.standing import Standing
from search.benefits.verdicts import Truth
from taxonomies.benefits import StatusValue
from tests.search.benefits.some_facts import all_facts, some_names

BOOK = open_book()
DAY = date(2020, 6, 1)


def test_the_first_question_settles_most() -> None:
    asked = questions(BOOK.screen({}, DAY), {})
    assert [one.settles for one in asked] == sorted((one.settles for one in asked), reverse=True)
    assert asked[0].fact == "place.region"
    assert len(asked[0].benefits) == asked[0].settles


def test_only_what_could_be_claimed_raises_questions() -> None:
    granted = {
        one.benefit.id
        for one in BOOK.screen({}, DAY)
        if one.benefit.status.value is StatusValue.GRANTED
    }
    assert {key for one in questions(BOOK.screen({}, DAY), {}) for key in one.benefits} <= granted
    assert not questions(BOOK.screen({}, date(1999, 1, 1)), {})


@given(all_facts, some_names)
def test_what_is_open_is_asked_for_and_what_is_decided_is_not(
    full: dict[str, FactValue], kept: set[str]
) -> None:
    facts: Facts = BOOK.known({fact: full[fact] for fact in kept}, DAY)
    screened = BOOK.screen(facts, DAY)
    asked = questions(screened, facts)
    for question in asked:
        for key in question.benefits:
            one = next(found for found in screened if found.benefit.id == key)
            assert evaluate(one.benefit.conditions, facts) is Truth.UNKNOWN
            assert question.fact in {name for part in one.open_conditions for name in part.facts}


def test_a_near_miss_says_what_is_missed_and_what_is_known() -> None:
    facts: Facts = {
        "place.region": "330400",
        "employer.industry": "digital-economy",
        "employer.in_official_recruitment_trip": True,
        "employer.paid_trip_costs": False,
    }
    misses = nearest_misses(BOOK.screen(facts, DAY))
    miss = next(m for m in misses if m.benefit.id == "jiaxing-recruitment-trip-subsidy")
    assert miss.standing is Standing.DOES_NOT_APPLY
    assert [found.used for found in miss.failed_conditions] == [{"employer.paid_trip_costs": False}]
    assert "自费支出费用" in miss.failed_conditions[0].clauses
