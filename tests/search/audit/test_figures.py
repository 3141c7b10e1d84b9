"""What must hold of all figures, whatever the records are."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.catalogue_demand import Demand
from search.audit.counted import counted
from search.audit.drill import Measure, drill
from search.audit.figures import AuditFigures, UnreadableFiguresError
from search.audit.inputs import AuditInputs, SeekerFact, VacancyFact
from search.audit.measures.drift import Resemblance
from search.audit.prepared import Changes, prepare, prepare_again
from search.audit.published.index import PublishedIndex
from search.audit.running import audit_prepared, run_audit
from search.audit.thresholds import Thresholds
from tests.search.audit.generated import (
    ACTUALS,
    AS_OF,
    CATALOGUE,
    PERIOD,
    some_inputs,
    some_seeker,
    some_vacancy,
)

seeds = st.integers(0, 100_000)
quick = settings(max_examples=40, deadline=None)


@given(seed=seeds)
@quick
def test_places_add_up_to_the_whole(seed: int) -> None:
    inputs = some_inputs(seed)
    figures = run_audit(inputs, AS_OF, PERIOD)
    totals: defaultdict[tuple[int, bool], list[float]] = defaultdict(lambda: [0.0] * 9)
    for row in figures.rows:
        for place, value in enumerate(
            (
                row.demand.posts,
                row.demand.vacancies,
                row.declared.people,
                row.declared.fractional,
                row.declared.stale,
                row.qualified.people,
                row.qualified.fractional,
                row.unmet.posts,
                row.unmet.empty_searches,
            )
        ):
            totals[row.role, row.region == ""][place] += value
    for role in {row.role for row in figures.rows}:
        assert totals[role, False] == pytest.approx(totals[role, True])
    declared = sum(row.declared.fractional for row in figures.rows if row.region == "")
    seekers = [one for one in inputs.seekers if one.active and one.roles]
    assert declared == pytest.approx(len(seekers))
    posts = sum(row.demand.posts for row in figures.rows if row.region == "")
    unlinked = sum(row.demand.posts for row in figures.unlinked if row.region == "")
    assert posts + unlinked == sum(one.posts for one in inputs.vacancies if one.is_open_on(AS_OF))


@given(seed=seeds)
@quick
def test_a_field_counts_each_person_once_and_all_posts(seed: int) -> None:
    inputs = some_inputs(seed)
    figures = run_audit(inputs, AS_OF, PERIOD)
    numbers = {role.number for role in inputs.catalogue}
    (whole,) = [row for row in figures.fields if row.region == ""]
    rows = [row for row in figures.rows if row.region == "" and row.role in numbers]
    assert whole.demand.posts == sum(row.demand.posts for row in rows)
    wished = [one for one in inputs.seekers if one.active and numbers & set(one.roles)]
    assert whole.declared.people == len(wished)
    assert whole.declared.fractional == pytest.approx(sum(row.declared.fractional for row in rows))
    assert whole.unmet.posts == sum(row.unmet.posts for row in rows)


@given(seed=seeds)
@quick
def test_fractions_stale_and_stages_stay_within_what_they_are_part_of(seed: int) -> None:
    for row in run_audit(some_inputs(seed), AS_OF, PERIOD).rows:
        for supply in (row.declared, row.qualified):
            assert supply.fractional <= supply.people + 1e-9
            assert supply.stale <= supply.people
        assert row.funnel.qualified <= row.funnel.matched
        assert row.funnel.qualified_recorded <= row.funnel.qualified
        assert row.unmet.posts <= row.demand.posts
        assert row.fill is None or 0 <= row.fill.rate <= 1
        assert row.tension.index is None or 0 <= row.tension.index <= 3
        assert all(cause.posts <= row.demand.posts for cause in row.causes)


@given(seed=seeds)
@quick
def test_somebody_more_who_qualifies_never_raises_a_gap(seed: int) -> None:
    inputs = some_inputs(seed)
    before = run_audit(inputs, AS_OF, PERIOD)
    able = SeekerFact(
        id="new",
        owner="p",
        roles=(1, 9, 30),
        region="330106",
        skills=frozenset(value for one in inputs.seekers for value in one.skills),
        languages=frozenset({"english", "japanese"}),
        years=40.0,
        education_rank=5,
    )
    after = run_audit(replace(inputs, seekers=(*inputs.seekers, able)), AS_OF, PERIOD)
    for row in before.rows:
        now = after.row(row.role, row.region)
        assert now.gap_declared <= row.gap_declared
        assert now.gap_qualified <= row.gap_qualified
        assert now.unmet.posts <= row.unmet.posts
    assert after.row(9).gap_declared == before.row(9).gap_declared - 1


@given(seed=seeds)
@quick
def test_the_order_of_records_means_nothing(seed: int) -> None:
    inputs = some_inputs(seed)
    chance = random.Random(seed)

    def shuffled(values):
        return tuple(chance.sample(values, len(values)))

    other = AuditInputs(
        vacancies=shuffled(inputs.vacancies),
        seekers=shuffled(inputs.seekers),
        outcomes=shuffled(inputs.outcomes),
        searches=shuffled(inputs.searches),
        catalogue=shuffled(inputs.catalogue),
        duties=shuffled(inputs.duties),
        declared=shuffled(inputs.declared),
        actuals=shuffled(inputs.actuals),
    )
    one, two = (run_audit(each, AS_OF, PERIOD) for each in (inputs, other))
    assert one.to_json() == two.to_json()


@given(seed=seeds)
@quick
def test_a_refreshed_audit_is_the_same_as_a_new_one(seed: int) -> None:
    chance = random.Random(seed)
    inputs = some_inputs(seed)
    prepared = prepare(inputs, AS_OF, Thresholds())
    day = AS_OF + timedelta(days=chance.choice([0, 1, 30]))
    changes = Changes(
        vacancies=(some_vacancy(chance, "v001"), some_vacancy(chance, "w")),
        seekers=(some_seeker(chance, "s001"), some_seeker(chance, "t")),
        gone_vacancies=("v002",),
        gone_seekers=("s002", "nobody"),
        outcomes=inputs.outcomes[1:],
        searches=chance.choice([None, inputs.searches[1:]]),
        declared=chance.choice([None, inputs.declared[1:]]),
        actuals=chance.choice([None, inputs.actuals[1:]]),
    )
    again = prepare_again(prepared, changes, day)
    anew = run_audit(again.inputs, day, PERIOD)
    assert audit_prepared(again, PERIOD).to_json() == anew.to_json()


@given(seed=seeds)
@quick
def test_figures_come_back_from_json_as_they_were(seed: int) -> None:
    index = PublishedIndex("index", "city", "2024", 9, "as printed", "0.63", "band", "page 3")
    figures = run_audit(
        some_inputs(seed), AS_OF, PERIOD, versions={"catalogue": "x"}, published=(index,)
    )
    again = AuditFigures.from_json(figures.to_json())
    assert again == figures
    assert again.to_json() == figures.to_json()


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_every_figure_can_be_drilled_into(seed: int) -> None:
    prepared = prepare(some_inputs(seed), AS_OF, Thresholds(cause_share=0.0))
    figures = audit_prepared(prepared, PERIOD)
    data = counted(prepared, PERIOD)
    for row in figures.rows:

        def found(measure: Measure, row=row):
            return drill(data, row.role, row.region, measure)

        assert len(found(Measure.DEMAND).vacancies) == row.demand.vacancies
        assert len(found(Measure.WITHOUT_HEADCOUNT).vacancies) == row.demand.without_headcount
        assert len(found(Measure.UNMET).vacancies) == row.unmet.vacancies
        assert len(found(Measure.DECLARED).candidates) == row.declared.people
        assert len(found(Measure.DECLARED_STALE).candidates) == row.declared.stale
        assert len(found(Measure.DECLARED_REACHABLE).candidates) == row.declared.reachable
        assert len(found(Measure.QUALIFIED).candidates) == row.qualified.people
        assert len(found(Measure.QUALIFIED_STALE).candidates) == row.qualified.stale
        assert len(found(Measure.QUALIFIED_REACHABLE).candidates) == row.qualified.reachable
        assert len(found(Measure.MATCHED).pairs) == row.funnel.matched
        assert len(found(Measure.MATCHED_QUALIFIED).pairs) == row.funnel.qualified
        assert len(found(Measure.POSSIBLE).pairs) == row.funnel.possible
        assert len(found(Measure.SHORTLISTED).pairs) == (row.funnel.shortlisted or 0)
        assert len(found(Measure.HIRED).pairs) == (row.funnel.hired or 0)
        long = len(found(Measure.OPEN_LONG).vacancies)
        assert long == round((row.age.share_long or 0) * row.age.known)
        for cause in row.causes:
            vacancies = found(Measure(f"cause:{cause.kind.value}")).vacancies
            assert len(vacancies) == cause.vacancies
    (whole,) = [row for row in figures.unlinked if row.region == ""] or [None]
    without = drill(prepared, None, "", Measure.DEMAND).vacancies
    assert len(without) == (whole.demand.vacancies if whole else 0)
    assert drill(prepared, None, "", Measure.DECLARED).candidates == ()


def test_nothing_at_all_gives_lines_of_the_catalogue() -> None:
    figures = run_audit(AuditInputs(catalogue=some_inputs(1).catalogue), AS_OF, PERIOD)
    assert [(row.role, row.region) for row in figures.rows] == [
        (1, ""),
        (9, ""),
        (30, ""),
        (31, ""),
    ]
    assert figures.drift.without_demand == (1, 9, 30, 31)
    assert run_audit(AuditInputs(), AS_OF, PERIOD).rows == ()


def test_drift_names_titles_without_a_role() -> None:
    vacancies = (
        VacancyFact("a", "x", role=1, title="One"),
        VacancyFact("b", "x", role=9, title="Nine"),
        VacancyFact("c", "x", role=9, role_confidence=0.2, title="Perhaps nine", headcount=4),
        VacancyFact("d", "x", title="Chef"),
    )
    drift = run_audit(AuditInputs(vacancies, catalogue=CATALOGUE), AS_OF, PERIOD).drift
    assert [(one.title, one.posts) for one in drift.without_role] == [
        ("Perhaps nine", 4),
        ("Chef", 1),
    ]
    assert (drift.unlike, drift.not_compared) == ((), (1, 9))
    assert drift.without_demand == (30, 31)


def asked(role: int, *terms: str, employers: str = "abcab", **more) -> tuple[VacancyFact, ...]:
    return tuple(
        VacancyFact(f"{role}-{place}", "x", role=role, employer=name, terms=terms, **more)
        for place, name in enumerate(employers)
    )


def test_drift_names_rows_unlike_what_is_asked_for_now() -> None:
    duties = ((1, ("java", "spring")), (9, ("java", "spring")), (30, ("java",)), (31, ("java",)))
    vacancies = (
        *asked(1, "java", "spring", "开发"),
        *asked(9, "cloth", "缝制"),
        # One employer alone, and what is open no more, say nothing about today.
        *asked(30, "缝制", employers="aaaaaa"),
        *asked(31, "缝制", is_open=False),
        VacancyFact("open", "x", role=31, employer="a", terms=("java", "开发")),
    )
    figures = run_audit(AuditInputs(vacancies, catalogue=CATALOGUE, duties=duties), AS_OF, PERIOD)
    assert figures.drift.unlike == (Resemblance(9, 0.0),)
    assert figures.drift.not_compared == (30, 31)
    assert [one.role for one in figures.proposals.rewordings] == [9]


def test_what_is_declared_counts_in_proposals_and_not_in_demand() -> None:
    declared = tuple(
        Demand(f"d{name}", "declaration", "Weaver", 2, name, None, AS_OF) for name in "abc"
    )
    figures = run_audit(AuditInputs(catalogue=CATALOGUE, declared=declared), AS_OF, PERIOD)
    (added,) = figures.proposals.additions
    assert (added.title, added.posts, added.employers) == ("Weaver", 6, 3)
    assert (figures.proposals.postings, figures.proposals.declarations) == (0, 3)
    assert figures.unlinked == ()
    assert figures.drift.without_role == ()


def test_what_forecasts_and_targets_rest_on_is_in_the_figures() -> None:
    months = [date(2026, 4, 3), date(2026, 5, 9), date(2026, 6, 30)]
    vacancies = tuple(
        VacancyFact(f"{day}", "x", role=role, role_confidence=sure, headcount=2, posted=day)
        for day, (role, sure) in zip(months, [(1, 1.0), (9, 0.1), (1, 1.0)], strict=True)
    )
    inputs = AuditInputs(vacancies, catalogue=CATALOGUE, actuals=ACTUALS)
    figures = run_audit(inputs, AS_OF, PERIOD)
    assert figures.openings.series(1) == figures.openings.total == (2, 0, 2)
    assert figures.openings.unlinked == 1
    # The one of the day after is not known yet.
    assert figures.actuals == ACTUALS[:1]


def test_the_same_id_twice_is_refused() -> None:
    twice = (VacancyFact("a", "x"), VacancyFact("a", "y"))
    with pytest.raises(ValueError, match="'a' is among them twice"):
        AuditInputs(twice)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"as_of": 3}', "\x00"])
def test_what_holds_no_figures_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFiguresError, match="figures of an audit were asked for"):
        AuditFigures.from_json(text)
