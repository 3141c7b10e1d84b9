"""Snapshots can be recomputed, show every change, and break a series visibly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.figures import UnreadableFiguresError
from search.audit.inputs import AuditInputs, CatalogueRole, SeekerFact, VacancyFact
from search.audit.ranking import rank_by_gap
from search.audit.running import run_audit
from search.audit.series import compare
from search.audit.snapshot import freeze, thaw, verify
from search.audit.thresholds import Thresholds
from tests.search.audit.generated import AS_OF, PERIOD, some_inputs

VERSIONS = {"catalogue": "zhejiang-2017", "model": "m1"}


def audited(inputs, thresholds=None, **versions):
    return run_audit(inputs, AS_OF, PERIOD, thresholds, versions=VERSIONS | versions)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_it_holds_for_the_inputs_that_it_was_made_of(seed: int) -> None:
    inputs = some_inputs(seed)
    figures = audited(inputs)
    snapshot = freeze(figures)
    assert thaw(snapshot) == figures
    assert verify(snapshot, inputs) == ()


def test_it_names_each_difference() -> None:
    inputs = AuditInputs(
        vacancies=(VacancyFact("v", "e", role=9, headcount=3),),
        seekers=(SeekerFact("s", "p", roles=(9,)),),
        catalogue=(CatalogueRole(9, "nine"),),
    )
    snapshot = freeze(audited(inputs))
    more = replace(inputs, vacancies=(VacancyFact("v", "e", role=9, headcount=5),))
    found = {one.where: (one.frozen, one.recomputed) for one in verify(snapshot, more)}
    assert found["rows[role 9, region all].demand.posts"] == ("3", "5")
    assert found["rows[role 9, region all].gap_declared"] == ("2", "4")
    assert "inputs.vacancies" in found
    assert "inputs.seekers" not in found


def test_one_that_was_changed_is_refused_and_says_what() -> None:
    document = json.loads(freeze(audited(some_inputs(3))))
    document["figures"]["rows"][0]["demand"]["posts"] += 1
    with pytest.raises(UnreadableFiguresError, match=r"figures, hash no longer match"):
        thaw(json.dumps(document))
    document = json.loads(freeze(audited(some_inputs(3))))
    document["figures"]["versions"]["model"] = "m2"
    with pytest.raises(UnreadableFiguresError, match="versions no longer match"):
        thaw(json.dumps(document))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not JSON"),
        ("[]", "'list' was found"),
        ('{"format": "other"}', "'other' was found"),
        ('{"format": "bole-audit-snapshot/1"}', "bole-audit-snapshot/1' was found"),
        ('{"format": "bole-audit-snapshot/2"}', "figures of an audit"),
        (b"\xff", "not JSON"),
    ],
)
def test_what_is_no_snapshot_is_refused(text: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableFiguresError, match=why):
        thaw(text)


def test_anyone_can_check_the_hashes_from_the_document_alone() -> None:
    document = json.loads(freeze(audited(some_inputs(3), Thresholds(version="x", shortage=2))))
    figures = json.dumps(
        document["figures"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert document["hashes"]["figures"] == sha256(figures.encode()).hexdigest()
    thaw(json.dumps(document))


def market(posts: dict[int, int], seekers: dict[int, int]) -> AuditInputs:
    return AuditInputs(
        tuple(VacancyFact(f"v{role}", "e", role=role, headcount=n) for role, n in posts.items()),
        tuple(
            SeekerFact(f"s{role}-{n}", "p", roles=(role,))
            for role, many in seekers.items()
            for n in range(many)
        ),
        catalogue=tuple(CatalogueRole(role, f"role {role}") for role in (1, 9, 30)),
    )


BEFORE = market({1: 20, 9: 30}, {1: 10, 9: 10})
AFTER = market({1: 40, 9: 30, 30: 5}, {1: 10, 9: 20})


def test_changes_are_those_of_each_line() -> None:
    found = compare(audited(BEFORE), audited(AFTER))
    assert found.is_series
    changes = {row.role: row for row in found.rows if row.region == ""}
    assert changes[1].figure("posts").change == 20
    assert changes[9].figure("gap_declared").change == -10
    assert changes[9].figure("ratio_declared").change == -1.5
    assert changes[30].figure("ratio_declared").change is None
    assert changes[30].figure("posts").change == 5


@pytest.mark.parametrize(
    ("thresholds", "versions", "what"),
    [
        (Thresholds(version="2", enough=3), {}, ["thresholds.version", "thresholds.enough"]),
        (None, {"catalogue": "2026"}, ["versions.catalogue"]),
        (None, {"model": "m2"}, ["versions.model"]),
        (None, {"skills": "new"}, ["versions.skills"]),
    ],
)
def test_another_yardstick_breaks_the_series(thresholds, versions, what) -> None:
    later = audited(AFTER, thresholds, **versions)
    found = compare(audited(BEFORE), later)
    assert [one.what for one in found.breaks] == what
    assert all(change.change is None for row in found.rows for _, change in row.figures)
    assert {row.role: row.figure("posts").after for row in found.rows if row.region == ""}[1] == 40
    ranked = rank_by_gap(later, quarter_before=audited(BEFORE))
    assert [one.quarter for one in ranked] == [None] * 3


def test_the_ranking_has_the_ministrys_columns() -> None:
    ranked = rank_by_gap(audited(AFTER), quarter_before=audited(BEFORE))
    assert [(one.rank, one.role, one.gap) for one in ranked] == [(1, 1, 30), (2, 9, 10), (3, 30, 5)]
    first, second, third = ranked
    assert (first.posts, first.people, first.ratio.value, first.title) == (40, 10, 4.0, "role 1")
    assert (first.quarter.rank, first.quarter.gap) == (1, 20)
    assert (second.quarter.rank, second.quarter.people) == (-1, 10)
    assert third.quarter is None
    assert {one.year for one in ranked} == {None}


def test_an_earlier_day_sees_what_was_open_then() -> None:
    vacancy = VacancyFact("v", "e", role=9, posted=AS_OF, closed=AS_OF + timedelta(days=2))
    inputs = AuditInputs((vacancy,))
    posts = []
    for days in (-1, 0, 1, 2):
        figures = run_audit(inputs, AS_OF + timedelta(days=days), PERIOD)
        row = figures.row(9)
        posts.append(row.demand.posts if row else 0)
    assert posts == [0, 1, 1, 0]
