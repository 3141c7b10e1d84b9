"""A small market counted by hand."""

from __future__ import annotations

from datetime import date

from search.audit.inputs import (
    AuditInputs,
    CatalogueRole,
    ConditionAspect,
    Outcome,
    OutcomeStage,
    RequiredCondition,
    SearchEvent,
    SeekerFact,
    VacancyFact,
)
from search.audit.measures.age import VacancyAge
from search.audit.measures.demand import Demand
from search.audit.measures.fill import Fill
from search.audit.measures.ratio import Assessment
from search.audit.measures.supply import Supply
from search.audit.measures.tension import TensionLevel
from search.audit.measures.unmet import Unmet
from search.audit.period import Period
from search.audit.running import run_audit

AS_OF = date(2026, 6, 30)
PERIOD = Period(date(2026, 4, 1), AS_OF)
HANGZHOU, XIHU, NINGBO = "330100", "330106", "330200"
JAVA = RequiredCondition(ConditionAspect.SKILL, ("java",))
YEARS = RequiredCondition(ConditionAspect.YEARS, ("3",), 3.0)


def seeker(name: str, roles: tuple[int, ...], region: str | None, **facts: object) -> SeekerFact:
    return SeekerFact(name, "p", roles=roles, region=region, **facts)


SEEKERS = (
    seeker("able", (9,), XIHU, skills=frozenset({"java"}), years=5.0),
    seeker("silent", (9,), XIHU, skills=frozenset({"java"})),
    seeker("junior", (9, 30), NINGBO, years=1.0, last_confirmed=date(2026, 1, 1)),
    seeker(
        "mobile", (30,), NINGBO, wished_regions=(HANGZHOU,), skills=frozenset({"java"}), years=4.0
    ),
    seeker("paused", (9,), XIHU, skills=frozenset({"java"}), years=9.0, active=False),
    seeker("nowhere", (9,), None),
)
VACANCIES = (
    VacancyFact(
        "old", "e", 9, region=XIHU, headcount=4, posted=date(2026, 1, 1), required=(JAVA, YEARS)
    ),
    VacancyFact("new", "e", 9, region=NINGBO, posted=date(2026, 6, 20), required=(JAVA,)),
    VacancyFact("done", "e", 9, region=XIHU, headcount=2, closed=date(2026, 5, 1), is_open=False),
)
OUTCOMES = (
    Outcome("old", "able", OutcomeStage.SHORTLISTED, date(2026, 5, 1)),
    Outcome("old", "junior", OutcomeStage.REFUSED, date(2026, 5, 2)),
    Outcome("done", "x", OutcomeStage.HIRED, date(2026, 4, 20)),
)
SEARCHES = (
    SearchEvent(date(2026, 5, 5), 9, HANGZHOU, "candidates", 0),
    SearchEvent(date(2026, 5, 5), 9, HANGZHOU, "candidates", 3),
    SearchEvent(date(2026, 1, 5), 9, HANGZHOU, "candidates", 0),
    SearchEvent(date(2026, 5, 5), None, None, "roles", 0),
)
FIGURES = run_audit(
    AuditInputs(VACANCIES, SEEKERS, OUTCOMES, SEARCHES, (CatalogueRole(9, "nine", "ic"),)),
    AS_OF,
    PERIOD,
)


def test_the_whole() -> None:
    row = FIGURES.row(9)
    assert row.demand == Demand(posts=5, vacancies=2, without_headcount=1)
    assert row.declared == Supply(people=4, fractional=3.5, stale=1, reachable=4)
    # "silent" qualifies for the new one, which asks for no years; so does "mobile" for both.
    assert row.qualified == Supply(people=3, fractional=3.0, stale=0, reachable=3)
    assert (row.gap_declared, row.gap_qualified) == (1, 2)
    assert row.ratio_declared.state is Assessment.NOT_ASSESSABLE
    assert row.age == VacancyAge(known=2, median_days=95.0, share_long=0.5)
    assert row.fill == Fill(vacancies=2, advertised=6, filled=1, rate=1 / 6)
    assert row.unmet == Unmet(posts=4, vacancies=1, empty_searches=1)
    assert row.tension.level is TensionLevel.NOT_ASSESSABLE


def test_people_count_where_they_live_and_can_be_reached_where_they_would_go() -> None:
    assert FIGURES.row(9, HANGZHOU).qualified == Supply(2, 2.0, 0, reachable=3)
    assert FIGURES.row(9, NINGBO).qualified == Supply(1, 1.0, 0, reachable=1)
    assert FIGURES.row(9, "unknown").declared == Supply(1, 1.0, 0, reachable=1)
    assert FIGURES.row(9, "330300") is None


def test_the_funnel_narrows_from_names_to_shortlists() -> None:
    funnel = FIGURES.row(9, HANGZHOU).funnel
    assert (funnel.posts, funnel.matched, funnel.qualified) == (4, 4, 1)
    assert funnel.possible == 1
    assert (funnel.recorded, funnel.shortlisted, funnel.hired) == (1, 1, 0)
    assert funnel.matched_per_post == 1.0
    assert funnel.suitability_gap == 0.0
    nobody_tells = FIGURES.row(9, NINGBO).funnel
    assert (nobody_tells.recorded, nobody_tells.shortlisted, nobody_tells.hired) == (0, None, None)
    assert nobody_tells.suitability_gap is None


def test_where_no_outcome_is_recorded_there_is_no_fill_rate() -> None:
    assert FIGURES.row(9, NINGBO).fill is None


def test_searches_that_found_nothing_are_told_also_without_a_role() -> None:
    assert (FIGURES.searches.searches, FIGURES.searches.empty) == (3, 2)
    assert FIGURES.searches.empty_without_role == 1


def test_a_role_that_only_seekers_name_has_a_line() -> None:
    row = FIGURES.row(30)
    assert (row.demand.posts, row.declared.people, row.declared.fractional) == (0, 2, 1.5)
    assert FIGURES.fields[0].declared.people == 4
